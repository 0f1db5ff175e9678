import { getHeapStatistics } from 'node:v8';
import { expect, onTestFinished, test } from 'vitest';
import { IdleMemory } from '@/signaling-server/src/idle-memory';

test('memory that a storm took is given back once the process has nothing to do', { timeout: 60_000 }, async () => {
  const idleMemory = new IdleMemory();
  onTestFinished(() => idleMemory.stop());
  const atFirst = getHeapStatistics().total_heap_size;
  // Kept for a while, as messages that wait are, so that it grows old.
  let kept = Array.from({ length: 1_000_000 }, (_, index) => ({ sealed: `${index}` }));
  const atWorst = getHeapStatistics().total_heap_size;
  expect(kept.length).toBe(1_000_000);
  kept = [];
  expect(atWorst - atFirst).toBeGreaterThan(32 * 1024 * 1024);
  const now = (): number => getHeapStatistics().total_heap_size;
  await expect.poll(now, { timeout: 50_000, interval: 1000 }).toBeLessThan((atFirst + atWorst) / 2);
});
