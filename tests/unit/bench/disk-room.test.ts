import { expect, test } from 'vitest';
import { requireDiskRoom } from '@/tests/bench/disk-room';

test('a film that no disk has room for is refused with what to do, a tiny one is not', async () => {
  await expect(requireDiskRoom(1e18, 5)).rejects.toThrow(/needs 8000000000\.0 GB: choose fewer systems, a smaller --film-mb/);
  await expect(requireDiskRoom(1, 1)).resolves.toBeUndefined();
});
