import { expect, test } from 'vitest';
import { backoffDelayMs } from '@/src/base/backoff';

const LIMITS = { minMs: 1000, maxMs: 30_000 };

test('the wait lies between the shortest one and a ceiling that doubles up to the longest', () => {
  const ceilings = [0, 1, 2, 3, 4, 5, 60].map((attempt) => backoffDelayMs(attempt, () => 1, LIMITS));
  expect(ceilings).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  expect(backoffDelayMs(60, () => 0, LIMITS)).toBe(1000);
  expect(backoffDelayMs(1, () => 0.5, LIMITS)).toBe(2500);
});
