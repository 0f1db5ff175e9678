import { describe, expect, test } from 'vitest';
import { MAX_MAGNET_CHARS } from '@/src/protocol/engine-api';
import { magnetInText } from '@/src/protocol/magnet-in-text';

const MAGNET = 'magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&dn=First';

describe('a magnet link in a text', () => {
  test.each([
    ['alone', MAGNET],
    ['in a sentence', `Watch ${MAGNET}, then tell.`],
    ['at the end of a sentence', `It is (${MAGNET}).`],
    ['in a line of its own', `Film:\n${MAGNET}\nText`],
    ['in quotes', `href="${MAGNET}"`],
    ['in angle brackets', `<${MAGNET}>`],
    ['before another', `${MAGNET} ${MAGNET}x`],
  ])('is found %s', (_where, text) => {
    expect(magnetInText(text)).toBe(MAGNET);
  });

  test('is cut at what a link may have', () => {
    expect(magnetInText(MAGNET + 'x'.repeat(MAX_MAGNET_CHARS))).toHaveLength(MAX_MAGNET_CHARS);
  });

  test.each(['', 'magnet', 'a magnet: what is it?', 'magnet:?', 'electromagnet:?xt=1', 'https://films.example'])('is not in %j', (text) => {
    expect(magnetInText(text)).toBeUndefined();
  });

  test('is looked for in no time, whatever a page writes', () => {
    expect(magnetInText('magnet: '.repeat(1_000_000))).toBeUndefined();
    expect(magnetInText(`magnet:?${'.'.repeat(1_000_000)}`)).toBeUndefined();
    const dotted = `magnet:?${'.'.repeat(60_000)}x`;
    expect(magnetInText(dotted)).toBe(dotted);
  }, 1_000);
});
