import { expect, test } from 'vitest';
import { UNPACED } from '@/src/base/pace';
import { RateLimit } from '@/src/engine/rate-limit';
import { RequestPace } from '@/src/engine/request-pace';
import { ManualClock } from './manual-clock';

const KIB = 1024;

/** Lets a granted step reach the pace. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

test('without a limit everything may be asked for, and nothing is kept for what is urgent', () => {
  const pace = new RequestPace(UNPACED, () => undefined);
  pace.spend(1e12);
  expect([pace.availableBytes, pace.urgentBytes]).toEqual([Number.POSITIVE_INFINITY, 0]);
});

test('whoever spends all it may is told when there is more, as much in a second as the limit allows', async () => {
  const clock = new ManualClock();
  let spent = 0;
  const pace: RequestPace = new RequestPace(new RateLimit(clock, 100 * KIB), () => {
    spent += pace.availableBytes;
    pace.spend(pace.availableBytes);
  });
  pace.want();
  for (let step = 0; step < 1000; step++) {
    clock.advance(10);
    await settled();
  }
  expect(spent / (10 * 100 * KIB)).toBeCloseTo(1, 1);
});

test('what nobody asks for is saved up to a few blocks only', async () => {
  const clock = new ManualClock();
  const pace = new RequestPace(new RateLimit(clock, 100 * KIB), () => undefined);
  for (let step = 0; step < 1000; step++) {
    pace.want();
    clock.advance(100);
    await settled();
  }
  expect(pace.availableBytes).toBeGreaterThanOrEqual(128 * KIB);
  expect(pace.availableBytes).toBeLessThan(160 * KIB);
  pace.refund(1e9);
  expect(pace.availableBytes).toBeLessThan(160 * KIB);
});

test('two who share a limit get the same of it', async () => {
  const clock = new ManualClock();
  const limit = new RateLimit(clock, 200 * KIB);
  const spent = [0, 0];
  const paces: RequestPace[] = spent.map(
    (_, index) =>
      new RequestPace(limit, () => {
        const pace = paces[index];
        spent[index] = (spent[index] ?? 0) + (pace?.availableBytes ?? 0);
        pace?.spend(pace.availableBytes);
      }),
  );
  for (const pace of paces) pace.want();
  for (let step = 0; step < 500; step++) {
    clock.advance(10);
    await settled();
  }
  expect((spent[0] ?? 0) / (spent[1] ?? 1)).toBeCloseTo(1, 1);
});
