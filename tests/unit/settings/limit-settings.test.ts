import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '@/src/engine/limits';
import { LIMIT_NAMES, LIMIT_RANGES } from '@/src/settings/limit-settings';

test.each(LIMIT_NAMES)('what the settings show for %s is what the engine has, and it may be set', (name) => {
  const { initial, min, max } = LIMIT_RANGES[name];
  expect(initial).toBe(DEFAULT_LIMITS[name]);
  expect(initial).toBeGreaterThanOrEqual(min);
  expect(initial).toBeLessThanOrEqual(max);
});

test('G4, B3: nothing can be set that the protocol does not allow', () => {
  expect(LIMIT_RANGES.negotiationsPerSession.max).toBeLessThanOrEqual(10);
  expect(LIMIT_RANGES.negotiationTimeoutMs.max).toBeLessThanOrEqual(120_000);
  expect(LIMIT_RANGES.requestQueue.max).toBeLessThanOrEqual(500);
  expect(LIMIT_RANGES.rejectsInARow.min).toBeGreaterThanOrEqual(50);
});
