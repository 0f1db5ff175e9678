import { expect, onTestFinished, test } from 'vitest';
import type { ChunkStore } from '@/src/store/chunk-store';
import { DirectoryMedium } from '@/src/store/directory-medium';
import { extentLayouts } from '@/src/store/extent-layouts';
import { MediumChunkStore } from '@/src/store/medium-chunk-store';
import { createOpfsChunkStore } from '@/src/store/opfs-chunk-store';
import { withReadCache } from '@/src/store/read-cache';
import { serveStore } from '@/src/store/store-server';
import { sampleTorrent } from '@/tests/contract/sample-torrent';
import { VolatileFileTree } from '@/tests/contract/volatile-file-tree';

/** Both sides of the worker's calls, over a channel that moves buffers as a worker's does; the files are in memory. */
function storeOverChannel(): ChunkStore {
  const { port1, port2 } = new MessageChannel();
  serveStore(new MediumChunkStore(new DirectoryMedium(new VolatileFileTree(), ['torrents'], extentLayouts)), port2);
  for (const port of [port1, port2]) port.start();
  const worker = Object.assign(port1, { terminate: () => port1.close() });
  return createOpfsChunkStore(worker as unknown as Worker);
}

const sample = sampleTorrent();

test('what was written comes back in a buffer that is the caller’s, without a copy', async () => {
  const store = storeOverChannel();
  onTestFinished(() => store.close());
  const chunks = await store.open(sample.info);
  const piece = sample.piece(3);
  const written = await chunks.write(3, piece);
  expect(piece.length, 'it was given away').toBe(0);
  expect(written).toEqual(sample.piece(3));
  written?.fill(0);
  expect(await chunks.read(3000, 1000)).toEqual(sample.piece(3));
});

test('written again, it comes back all the same', async () => {
  const store = storeOverChannel();
  onTestFinished(() => store.close());
  const chunks = await store.open(sample.info);
  await chunks.write(3, sample.piece(3));
  expect(await chunks.write(3, sample.piece(3))).toEqual(sample.piece(3));
});

test('a cache before it has it in memory from then on', async () => {
  const store = withReadCache(storeOverChannel());
  onTestFinished(() => store.close());
  const chunks = await store.open(sample.info);
  const writing = chunks.write(3, sample.piece(3));
  expect(chunks.peek?.(3000, 1000)).toBeUndefined();
  await writing;
  expect(chunks.peek?.(3000, 1000)).toEqual(sample.piece(3));
  expect(chunks.peek?.(3999, 1)).toEqual(sample.piece(3).subarray(999));
});
