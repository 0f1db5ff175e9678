import { getHeapStatistics } from 'node:v8';
import { expect, onTestFinished, test } from 'vitest';
import { IdleMemory } from '@/signaling-server/src/idle-memory';

function heapBytes(): number {
  return getHeapStatistics().total_heap_size;
}

test('memory that a storm took is given back once the process has nothing to do', async () => {
  const idleMemory = new IdleMemory(100);
  onTestFinished(() => idleMemory.stop());
  const atFirst = heapBytes();
  // Kept for a while, as messages that wait are, so that it grows old.
  let kept = Array.from({ length: 2_000_000 }, (_, index) => ({ sealed: `${index}` }));
  const atWorst = heapBytes();
  expect(kept.length).toBe(2_000_000);
  kept = [];
  expect(atWorst - atFirst).toBeGreaterThan(96 * 1024 * 1024);
  // By itself V8 looks at the earliest after eight seconds, and in a server not at all.
  await expect.poll(heapBytes, { timeout: 8000, interval: 500 }).toBeLessThan((atFirst + atWorst) / 2);
});
