import { describe, expect, test } from 'vitest';
import { checkLimit, checkRate, limitText, rateText } from '@/src/ui/state/limit-text';

describe('a rate', () => {
  test.each([
    ['', null],
    [' 0 ', null],
    ['500', 512_000],
    ['12,5', 12_800],
  ])('"%s" is %s bytes a second', (text, value) => {
    expect(checkRate(text)).toEqual({ ok: true, value });
  });

  test.each(['fast', '-5', '1', '1e30', 'NaN', '1,000', '1.000', '1,000,000'])('"%s" is refused with a sentence', (text) => {
    expect(checkRate(text)).toMatchObject({ ok: false, sentence: expect.stringMatching(/\w/) });
  });

  test('is shown as it was typed', () => {
    expect([rateText(null), rateText(512_000), rateText(12_800)]).toEqual(['', '500', '12.5']);
  });
});

describe('a limit', () => {
  test.each([
    ['peers', '', null],
    ['peers', '20', 20],
    ['negotiationTimeoutMs', '45', 45_000],
    ['assemblyBytes', '128', 128 * 1024 ** 2],
  ] as const)('%s of "%s" is %s', (name, text, value) => {
    expect(checkLimit(name, text)).toEqual({ ok: true, value });
    expect(limitText(name, value)).toBe(text);
  });

  test.each([
    ['peers', '0'],
    ['peers', '1.5'],
    ['negotiationTimeoutMs', '121'],
    ['assemblyBytes', 'much'],
    ['assemblyBytes', '1,000'],
    ['peers', '2.000'],
  ] as const)('%s of "%s" is refused, with what may be written', (name, text) => {
    expect(checkLimit(name, text)).toMatchObject({ ok: false, sentence: expect.stringMatching(/from \d+ to \d+/) });
  });
});
