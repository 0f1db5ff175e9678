import fc from 'fast-check';
import { expect, test } from 'vitest';
import { summarise, summariseSamples } from '@/tests/bench/statistics';

test('the median of an odd count is the one in the middle, whatever the order', () => {
  expect(summarise([9, 1, 4])).toEqual({ median: 4, min: 1, max: 9, n: 3 });
});

test('the median of an even count lies between the two in the middle', () => {
  expect(summarise([10, 1, 2, 4])).toEqual({ median: 3, min: 1, max: 10, n: 4 });
});

test('one value is its own median, and none has no summary', () => {
  expect(summarise([7])).toEqual({ median: 7, min: 7, max: 7, n: 1 });
  expect(summarise([])).toBeUndefined();
});

test('numbers are ordered as numbers', () => {
  expect(summarise([100, 20, 3])?.median).toBe(20);
});

test('as many values lie above the median as below it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
      const { median = Number.NaN, min, max } = summarise(values) ?? {};
      expect(values.filter((value) => value < median).length).toBeLessThanOrEqual(values.length / 2);
      expect(values.filter((value) => value > median).length).toBeLessThanOrEqual(values.length / 2);
      expect([min, max]).toEqual([Math.min(...values), Math.max(...values)]);
    }),
  );
});

test('a metric that only some runs have is summed up over those, and one that none has is left out', () => {
  const summaries = summariseSamples([{ rateMBps: 8, overlayMs: 50 }, { rateMBps: 10 }]);
  expect(summaries).toEqual({
    overlayMs: { median: 50, min: 50, max: 50, n: 1 },
    rateMBps: { median: 9, min: 8, max: 10, n: 2 },
  });
});
