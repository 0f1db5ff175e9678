import { readFile } from 'node:fs/promises';
import { parseMessagesObject } from '@wxt-dev/i18n/build';
import { describe, expect, test } from 'vitest';
import english from '@/locales/en.json';
import spanish from '@/locales/es.json';
import { SETTING_ISSUES } from '@/src/settings/setting-issues';
import { projectFiles } from '@/tests/support/architecture/source-file';
import { NOTICES } from '@/src/protocol/notice';

/** Names, and the few words that both languages write the same. */
const SAME_IN_BOTH = new Set([
  'player.title',
  'popup.title',
  'source.native',
  'source.webtorrent',
  'engine.webrtc.name',
  'engine.webtorrent.name',
  'count.tracker',
  'player.search.tracker',
  'player.subtitles.normal',
]);

/** Each text by its key; a plural has one for `1` and one for any other number. */
function textsOf(locale: Parameters<typeof parseMessagesObject>[0]): ReadonlyMap<string, readonly string[]> {
  const texts = parseMessagesObject(locale).map((message) => {
    const forms = message.type === 'plural' ? Object.values(message.plurals) : [message.message];
    return [message.key.join('.'), forms] as const;
  });
  return new Map(texts.filter(([key]) => !key.startsWith('@@')));
}

const inEnglish = textsOf(english);
const inSpanish = textsOf(spanish);
const keys = [...inEnglish.keys()];

const sources = (await projectFiles())
  .filter(({ path }) => /^(?:src\/(?:ui|page|background)|entrypoints)\//.test(path))
  .map(({ text }) => text);
const product = [...sources, await readFile('wxt.config.ts', 'utf8')].join('\n');

function found(texts: readonly string[] = [], pattern: RegExp): readonly (readonly string[])[] {
  return texts.map((text) => [...text.matchAll(pattern)].map(([match]) => match).toSorted());
}

describe('the two languages', () => {
  test('have the same texts in the same order, in as many forms', () => {
    expect([...inSpanish].map(([key, { length }]) => [key, length])).toEqual([...inEnglish].map(([key, { length }]) => [key, length]));
  });

  test.each(keys)('%s has the same placeholders and markup in both', (key) => {
    const pattern = /\{\w+\}|\*\*|`[^`]*`/g;
    expect(found(inSpanish.get(key), pattern)).toEqual(found(inEnglish.get(key), pattern));
  });

  test('leave no text empty, nor anything that a browser or the plural forms would take for theirs', () => {
    for (const [key, texts] of [...inEnglish, ...inSpanish]) {
      for (const text of texts) expect(text, key).toMatch(/^(?! )[^$|]+(?<! )$/);
    }
  });

  test('say in English of a setting what the settings themselves do', () => {
    expect(english.issue).toEqual(SETTING_ISSUES);
  });

  test('have a sentence for each notice of the engine, with a place for each of its values', () => {
    const places = Object.entries(english.notice).map(([name, text]) => [name, found([text], /(?<=\{)\w+(?=\})/g).flat()]);
    expect(Object.fromEntries(places)).toEqual(
      Object.fromEntries(Object.entries(NOTICES).map(([name, values]) => [name, values.toSorted()])),
    );
  });

  test('are two: nothing was left in English but names', () => {
    const same = keys.filter((key) => inEnglish.get(key)?.join() === inSpanish.get(key)?.join());
    expect(same.toSorted()).toEqual([...SAME_IN_BOTH].toSorted());
  });
});

describe('keys', () => {
  test('are names that browsers know, which care for no upper case', () => {
    for (const key of keys) expect(key).toMatch(/^[a-zA-Z0-9.]+$/);
    const names = keys.map((key) => key.replaceAll('.', '_').toLowerCase());
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('are all used', () => {
    const prefixes = [...product.matchAll(/`([a-zA-Z.]+\.)\$\{/g)].map(([, prefix = '']) => prefix);
    const unused = keys.filter((key) => {
      const inBrowserForm = key.replaceAll('.', '_');
      const isNamed = [`'${key}'`, `'${inBrowserForm}'`, `__MSG_${inBrowserForm}__`].some((name) => product.includes(name));
      return !isNamed && !prefixes.some((prefix) => key.startsWith(prefix) && !key.slice(prefix.length).includes('.'));
    });
    expect(unused).toEqual([]);
  });

  test('asked of the browser itself are there', () => {
    const asked = [...product.matchAll(/getMessage\(\s*'([^']+)'|__MSG_(\w+)__/g)].map(([, called, inManifest]) => called ?? inManifest);
    const names = new Set(keys.map((key) => key.replaceAll('.', '_')));
    expect(asked.filter((name) => !names.has(name ?? ''))).toEqual([]);
    expect(asked.length).toBeGreaterThan(0);
  });

  test('get every value that their texts have a place for', () => {
    const lacking = [...product.matchAll(/\bi18n\.t\(\s*'([^']+)'/g)].flatMap(({ 1: key = '', index }) => {
      const names = found(inEnglish.get(key), /(?<=\{)\w+(?=\})/g).flat();
      const values = valuesAt(product, index);
      return names.filter((name) => !new RegExp(`\\b${name}\\b(?=[:, ])`).test(values)).map((name) => `${key}: ${name}`);
    });
    expect(lacking).toEqual([]);
  });
});

/** What follows the key in a call, or in the element that takes the call's text. */
function valuesAt(source: string, index: number): string {
  if (/<RichText\s+text=\{$/.test(source.slice(0, index))) return source.slice(index, source.indexOf('/>', index));
  let depth = 0;
  for (let end = source.indexOf('(', index); end < source.length; end++) {
    if (source[end] === '(') depth++;
    else if (source[end] === ')' && --depth === 0) return source.slice(source.indexOf(',', index), end);
  }
  return '';
}
