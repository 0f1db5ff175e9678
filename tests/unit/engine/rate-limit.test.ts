import { expect, test } from 'vitest';
import { RateLimit } from '@/src/engine/rate-limit';
import { ManualClock } from './manual-clock';

test('without a limit everything goes at once', async () => {
  const limit = new RateLimit(new ManualClock(), Number.POSITIVE_INFINITY);
  await limit.take(1e12);
  expect(await limit.take(1e12)).toBeUndefined();
});

test('what goes in a second is what is allowed, in the order of asking', async () => {
  const clock = new ManualClock();
  const limit = new RateLimit(clock, 100_000);
  const gone: number[] = [];
  const taken = Array.from({ length: 30 }, async (_, index) => {
    await limit.take(10_000);
    gone.push(index);
  });
  // 10 kB are the burst of 100 ms; 100 kB follow in a second.
  clock.advance(1000);
  await Promise.all(taken.slice(0, 11));
  expect(gone).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  clock.advance(10_000);
  await Promise.all(taken);
  expect(gone).toHaveLength(30);
});

test('a long pause does not save up for a long burst', async () => {
  const clock = new ManualClock();
  const limit = new RateLimit(clock, 1000);
  clock.advance(3_600_000);
  await limit.take(100);
  let gone = false;
  const second = limit.take(100).then(() => (gone = true));
  await Promise.resolve();
  expect(gone).toBe(false);
  clock.advance(100);
  expect(await second).toBe(true);
});
