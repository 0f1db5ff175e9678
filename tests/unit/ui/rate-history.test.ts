import { expect, test } from 'vitest';
import type { InfoHash } from '@/src/protocol/ids';
import { highestRate, linePoints, MAX_SAMPLES, withSample, type RateHistory } from '@/src/ui/state/rate-history';

const id = 'a'.repeat(40) as InfoHash;
const rates = (downloadBytesPerSecond: number) => ({ downloadBytesPerSecond, uploadBytesPerSecond: 1 });

test('the last minute of each session is kept, and a session that ended is forgotten', () => {
  let history: RateHistory = new Map();
  for (let second = 0; second < MAX_SAMPLES + 5; second++) history = withSample(history, [{ id, rates: rates(second) }]);
  expect(history.get(id)?.length).toBe(MAX_SAMPLES);
  expect(highestRate(history.get(id) ?? [])).toBe(MAX_SAMPLES + 4);
  expect(withSample(history, []).size).toBe(0);
});

test('a line ends at the right edge and stays within its height, also where nothing moves', () => {
  expect(linePoints([0, 10], 10, 59, 20)).toBe('58.0,20.0 59.0,0.0');
  expect(linePoints([0], 0, 59, 20)).toBe('59.0,20.0');
});
