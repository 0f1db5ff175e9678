import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, equalBytes, fromBase64Url, fromHex, toBase64Url, toHex } from '@/src/base/bytes';

const ascii = (text: string) => new TextEncoder().encode(text);

describe('base64url', () => {
  test.each([
    ['', ''],
    ['f', 'Zg'],
    ['fo', 'Zm8'],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg'],
    ['fooba', 'Zm9vYmE'],
    ['foobar', 'Zm9vYmFy'],
  ])('writes %j as RFC 4648 section 10 does, without padding', (text, encoded) => {
    expect(toBase64Url(ascii(text))).toBe(encoded);
    expect(fromBase64Url(encoded)).toEqual(ascii(text));
  });

  test('uses the two digits that are safe in addresses', () => {
    expect(toBase64Url(Uint8Array.of(0xfb, 0xef, 0xff))).toBe('--__');
  });

  test('agrees with Node for any bytes, both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64url');
        expect(toBase64Url(bytes)).toBe(text);
        expect(fromBase64Url(text)).toEqual(Uint8Array.from(bytes));
      }),
    );
  });

  test.each(['A', 'Zm9vA', 'Zg==', 'Zm 8', 'Zm+v', 'Zm/v', 'Zm9ä', 'Zm9💧'])('refuses %j', (text) => {
    expect(() => fromBase64Url(text)).toThrow(RangeError);
  });

  test.each(['Zh', 'Zm9'])('refuses %j, a second spelling of the same bytes', (text) => {
    expect(() => fromBase64Url(text)).toThrow(RangeError);
  });
});

describe('hexadecimal', () => {
  test('reads what it writes, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect(fromHex(toHex(bytes))).toEqual(Uint8Array.from(bytes));
      }),
    );
  });

  test('reads capital digits', () => {
    expect(fromHex('AbCd')).toEqual(Uint8Array.of(0xab, 0xcd));
  });

  test.each(['a', '0g', '0x00', ' 00', '00\n'])('refuses %j', (text) => {
    expect(() => fromHex(text)).toThrow(RangeError);
  });
});

describe('runs of bytes', () => {
  test('are joined in order, into bytes of their own', () => {
    const left = Uint8Array.of(1, 2);
    const joined = concatBytes(left, new Uint8Array(), Uint8Array.of(3));
    left[0] = 9;
    expect(joined).toEqual(Uint8Array.of(1, 2, 3));
    expect(concatBytes()).toEqual(new Uint8Array());
  });

  test('are equal when every byte is', () => {
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
    expect(equalBytes(new Uint8Array(), new Uint8Array())).toBe(true);
  });
});
