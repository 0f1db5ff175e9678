import { expect, test } from 'vitest';
import { importsOf } from '@/tests/support/architecture/imports';
import { scanSource } from '@/tests/support/architecture/source-scan';

const specifiers = (text: string): string[] => importsOf(text).map(({ specifier }) => specifier);

test.each([
  ["import { a } from '@/src/base/a';", '@/src/base/a'],
  ["import type { A } from './a';", './a'],
  ['import a, { type B } from "./a";', './a'],
  ["import * as v from 'valibot';", 'valibot'],
  ["import './styles.css';", './styles.css'],
  ["import {\n  a,\n  b,\n} from './a';", './a'],
  ["export { a } from './a';", './a'],
  ["export type * from './a';", './a'],
  ["const a = await import('./a');", './a'],
  ["type A = import('./a').A;", './a'],
  ["new Worker(new URL('./worker.ts', import.meta.url));", './worker.ts'],
])('%s depends on %s', (text, specifier) => {
  expect(specifiers(text)).toEqual([specifier]);
});

test.each([
  ["// import { a } from './a';"],
  ["/* export * from './a'; */"],
  ["const root = new URL('../', import.meta.url);"],
  ["export const from = 'a';"],
  ["export function importance() { return 'a'; }"],
])('%s depends on nothing', (text) => {
  expect(specifiers(text)).toEqual([]);
});

test('an import knows its line', () => {
  expect(importsOf("/* one\ntwo */\nimport { a } from './a';")).toEqual([{ specifier: './a', line: 3 }]);
});

test('several imports come in the order they stand', () => {
  expect(specifiers("import('./a');\nimport { b } from './b';\nexport * from './c';")).toEqual(['./a', './b', './c']);
});

test.each([
  ["const a = 'window.open';", 'window'],
  ['const a = "it\\"s window.open";', 'window'],
  ['// window.open', 'window'],
  ['const a = /window\\.open/;', 'window'],
  ['const a = `window.open ${b}`;', 'window'],
  ["const a = '// not a comment';", 'comment'],
])('%s does not run what it writes', (text, word) => {
  expect(scanSource(text).code).not.toContain(word);
});

test.each([
  ["const a = 'x'; window.open();", 'window.open'],
  ['const a = b / c; window.open(); const d = e / f;', 'window.open'],
  ['const a = `text ${window.open()} text`;', 'window.open'],
  ["<p>It's</p>\nwindow.open()", 'window.open'],
  ['const a = /[\'"]/; window.open();', 'window.open'],
  ['const a = "http://b"; window.open();', 'window.open'],
])('%s runs what it runs', (text, word) => {
  expect(scanSource(text).code).toContain(word);
});

test('comments are collected, and lines stay where they are', () => {
  const { code, comments } = scanSource('a; // one\n/* two\nthree */ b;');
  expect(comments).toEqual(['// one', '/* two\nthree */']);
  expect(code.split('\n').map((line) => line.trim())).toEqual(['a;', '', 'b;']);
});
