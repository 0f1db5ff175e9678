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

test('another rate counts at once, for those who wait already, too', async () => {
  const clock = new ManualClock();
  const limit = new RateLimit(clock, 1000);
  const gone: number[] = [];
  const taken = Array.from({ length: 10 }, async (_, index) => {
    await limit.take(1000);
    gone.push(index);
  });
  clock.advance(900);
  await taken[0];
  expect(gone).toEqual([0]);
  limit.bytesPerSecond = 4000;
  clock.advance(1000);
  await Promise.all(taken.slice(0, 5));
  expect(gone).toEqual([0, 1, 2, 3, 4]);
  limit.bytesPerSecond = Number.POSITIVE_INFINITY;
  await Promise.all(taken);
  expect(gone).toHaveLength(10);
});

test('more than a burst is waited for as long as it takes', async () => {
  const clock = new ManualClock();
  const limit = new RateLimit(clock, 1000);
  let gone = false;
  const taken = limit.take(5000).then(() => (gone = true));
  clock.advance(4800);
  await Promise.resolve();
  expect(gone).toBe(false);
  clock.advance(200);
  expect(await taken).toBe(true);
});
