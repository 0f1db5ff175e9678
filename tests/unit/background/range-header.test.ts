import { describe, expect, test } from 'vitest';
import { parseRangeHeader, spanOf } from '@/src/background/range-header';

const LENGTH = 1000;

describe('a Range header', () => {
  test.each([
    ['bytes=0-', 0, 1000],
    ['bytes=10-19', 10, 20],
    ['bytes=999-', 999, 1000],
    ['bytes=990-5000', 990, 1000],
    ['bytes=-100', 900, 1000],
    ['bytes=-5000', 0, 1000],
    ['BYTES = 5 - 9', 5, 10],
    ['bytes=0-99999999999999999999999999', 0, 1000],
  ])('%s of 1000 bytes means %i up to %i', (header, startBytes, endBytes) => {
    expect(spanOf(parseRangeHeader(header), LENGTH)).toEqual({ startBytes, endBytes });
  });

  test.each(['bytes=1000-', 'bytes=5000-6000', 'bytes=-0', 'bytes=99999999999999999999999-'])(
    '%s of 1000 bytes cannot be satisfied',
    (header) => {
      expect(spanOf(parseRangeHeader(header), LENGTH)).toBeUndefined();
    },
  );

  test('no part of an empty file can be satisfied', () => {
    expect(spanOf(parseRangeHeader('bytes=0-'), 0)).toBeUndefined();
    expect(spanOf(parseRangeHeader('bytes=-1'), 0)).toBeUndefined();
  });

  test.each([null, '', 'bytes=', 'bytes=-', 'bytes=9-5', 'bytes=0-1,5-9', 'pages=1-2', 'bytes=a-b', 'bytes=1e3-'])(
    '%s asks for the whole file',
    (header) => {
      expect(parseRangeHeader(header)).toEqual({ kind: 'whole' });
    },
  );
});
