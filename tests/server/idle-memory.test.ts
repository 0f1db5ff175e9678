import { getHeapStatistics } from 'node:v8';
import { expect, onTestFinished, test } from 'vitest';
import { IdleMemory } from '@/signaling-server/src/idle-memory';

test('memory that a storm took is given back once the process has nothing to do', async () => {
  const idleMemory = new IdleMemory(100);
  onTestFinished(() => idleMemory.stop());
  const atFirst = getHeapStatistics().total_heap_size;
  // Kept for a while, as messages that wait are, so that it grows old.
  let kept = Array.from({ length: 1_000_000 }, (_, index) => ({ sealed: `${index}` }));
  const atWorst = getHeapStatistics().total_heap_size;
  expect(kept.length).toBe(1_000_000);
  kept = [];
  expect(atWorst - atFirst).toBeGreaterThan(48 * 1024 * 1024);
  const now = (): number => getHeapStatistics().total_heap_size;
  // By itself V8 looks at the earliest after eight seconds, and in a server not at all.
  await expect.poll(now, { timeout: 4000, interval: 500 }).toBeLessThan((atFirst + atWorst) / 2);
});
