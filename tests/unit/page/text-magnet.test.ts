import { describe, expect, test } from 'vitest';
import { magnetAround } from '@/src/page/text-magnet';

const MAGNET = `magnet:?xt=urn:btih:${'a'.repeat(40)}&dn=One`;
const OTHER = `MAGNET:?xt=urn:btih:${'b'.repeat(40)}`;
const TEXT = `The film (${MAGNET}), and ${OTHER}. No magnet: here.`;

describe('a magnet link around a place in a text', () => {
  test.each([
    ['its beginning', TEXT.indexOf(MAGNET), MAGNET],
    ['within its scheme', TEXT.indexOf(MAGNET) + 3, MAGNET],
    ['its middle', TEXT.indexOf(MAGNET) + 30, MAGNET],
    ['its end', TEXT.indexOf(MAGNET) + MAGNET.length, MAGNET],
    ['the second one', TEXT.indexOf(OTHER) + 9, OTHER],
  ])('is found at %s', (_where, offset, magnet) => {
    expect(magnetAround(TEXT, offset)).toEqual({ magnet, start: TEXT.indexOf(magnet) });
  });

  test.each([
    ['before it', 2],
    ['between two', TEXT.indexOf(', and') + 3],
    ['after both', TEXT.length - 2],
    ['beyond the text', TEXT.length + 10],
  ])('is not found %s', (_where, offset) => {
    expect(magnetAround(TEXT, offset)).toBeUndefined();
  });

  test('costs what a long text may', () => {
    expect(magnetAround('magnet:?'.repeat(500_000), 3_000_000)?.magnet).toMatch(/^magnet:\?/);
    expect(magnetAround(`${'x '.repeat(2_000_000)}${MAGNET}`, 4_000_020)).toMatchObject({ magnet: MAGNET });
  });
});
