import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { nodeFreeBytes } from '@/src/host/node-free-space';

test('a folder tells how much its disk has left, in bytes', async () => {
  const freeBytes = await nodeFreeBytes(tmpdir());
  expect(Number.isSafeInteger(freeBytes)).toBe(true);
  expect(freeBytes).toBeGreaterThan(1_000_000);
});

test('a folder that is not there is told', async () => {
  await expect(nodeFreeBytes('/nowhere/at/all')).rejects.toMatchObject({ code: 'ENOENT' });
});
