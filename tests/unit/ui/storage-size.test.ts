import { describe, expect, test } from 'vitest';
import { checkQuota, quotaText } from '@/src/ui/state/storage-size';

describe('the room that a viewer sets', () => {
  test('gigabytes, with a point or a comma', () => {
    expect([checkQuota('20'), checkQuota(' 1.5 '), checkQuota('1,5'), checkQuota('0.375')]).toEqual([
      { ok: true, value: 20_000_000_000 },
      { ok: true, value: 1_500_000_000 },
      { ok: true, value: 1_500_000_000 },
      { ok: true, value: 375_000_000 },
    ]);
  });

  test('nothing leaves it to Lodestream', () => {
    expect(checkQuota(' ')).toEqual({ ok: true, value: null });
  });

  test.each([
    ['ten', /number of gigabytes/],
    ['1,000', /number of gigabytes/],
    ['1.000', /number of gigabytes/],
    ['0.1', /at least 250 MB/],
    ['-4', /at least/],
    ['99999', /No more than 10.0 TB/],
  ])('%s is answered with a sentence', (text, sentence) => {
    expect(checkQuota(text)).toEqual({ ok: false, sentence: expect.stringMatching(sentence) });
  });

  test('what is set is shown as it would be typed', () => {
    expect([quotaText(null), quotaText(1_500_000_000)]).toEqual(['', '1.5']);
  });
});
