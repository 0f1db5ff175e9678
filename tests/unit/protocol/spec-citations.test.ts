import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** What SPEC.md promises and what tests show must not drift apart: a rule that no test names is a rule that nobody would miss. */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const RULE = /^- \*\*([A-Z]\d+)\*\*/gm;
/** The name of a test or of a group of tests, which may be one of several that a table gives. */
const NAME = /\b(?:test|describe|each)\b|^\s*(?:\[|.*\]\)\()?['"`]/;

async function rules(): Promise<readonly string[]> {
  const spec = await readFile(`${ROOT}src/protocol/SPEC.md`, 'utf8');
  return [...spec.matchAll(RULE)].map(([, rule = '']) => rule);
}

async function testNames(): Promise<string> {
  const paths = (await readdir(`${ROOT}tests`, { recursive: true })).filter((path) => path.endsWith('.test.ts'));
  const texts = await Promise.all(paths.map((path) => readFile(`${ROOT}tests/${path}`, 'utf8')));
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => NAME.test(line))
    .join('\n');
}

test('every rule of SPEC.md is named by a test', async () => {
  const [written, names] = await Promise.all([rules(), testNames()]);
  expect(written.length).toBeGreaterThan(40);
  expect(written.filter((rule) => !new RegExp(`\\b${rule}\\b`).test(names))).toEqual([]);
});

test('no two rules have the same number', async () => {
  const written = await rules();
  expect(written.filter((rule, index) => written.indexOf(rule) !== index)).toEqual([]);
});
