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
function storeOverChannel(tree = new VolatileFileTree(), onPost: () => void = () => undefined): ChunkStore {
  const { port1, port2 } = new MessageChannel();
  serveStore(new MediumChunkStore(new DirectoryMedium(tree, ['torrents'], extentLayouts)), port2);
  for (const port of [port1, port2]) port.start();
  const worker = {
    postMessage(message: unknown, transfer: ArrayBuffer[]) {
      onPost();
      port1.postMessage(message, transfer);
    },
    addEventListener: port1.addEventListener.bind(port1),
    terminate: () => port1.close(),
  };
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

test('pieces that come while the worker writes go to it together, each answered for itself', async () => {
  let posts = 0;
  const store = storeOverChannel(undefined, () => posts++);
  onTestFinished(() => store.close());
  const chunks = await store.open(sample.info);
  posts = 0;
  const written = await Promise.all([0, 1, 2, 3, 4].map((piece) => chunks.write(piece, sample.piece(piece))));
  expect(written).toEqual([0, 1, 2, 3, 4].map((piece) => sample.piece(piece)));
  expect(posts).toBe(2);
});

test('what waits for the worker goes before what is asked after it', async () => {
  const store = storeOverChannel();
  onTestFinished(() => store.close());
  const chunks = await store.open(sample.info);
  const writing = Promise.all([0, 1, 2].map((piece) => chunks.write(piece, sample.piece(piece))));
  await chunks.commit();
  expect(await chunks.read(0, 3000)).toEqual(sample.run(0, 3000));
  await writing;
});

test('one that finds no room fails alone', async () => {
  // Its own notes take some 8 KiB, and a file reaches as far as its last piece does.
  const store = storeOverChannel(new VolatileFileTree(12_000));
  onTestFinished(() => store.close());
  const chunks = await store.open(sample.info);
  const outcomes = await Promise.allSettled([0, 8, 1].map((piece) => chunks.write(piece, sample.piece(piece))));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(outcomes[1]).toMatchObject({ reason: { code: 'full' } });
  expect(await chunks.read(0, 2000)).toEqual(sample.run(0, 2000));
});
