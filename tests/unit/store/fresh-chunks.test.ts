import { expect, test } from 'vitest';
import type { TorrentChunks } from '@/src/store/chunk-store';
import { FreshChunks } from '@/src/store/fresh-chunks';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { sampleTorrent } from '@/tests/contract/sample-torrent';

const sample = sampleTorrent();

/** What is there at once, as a cache has it. */
async function openPeekable(): Promise<TorrentChunks> {
  const chunks = await createMemoryChunkStore().open(sample.info);
  return {
    verifiedAtOpen: chunks.verifiedAtOpen,
    hashesAtOpen: undefined,
    unproven: chunks.unproven,
    piecesPerUnit: 4,
    write: async (piece, bytes) => {
      await chunks.write(piece, bytes);
      return sample.piece(piece);
    },
    read: (offsetBytes, lengthBytes) => chunks.read(offsetBytes, lengthBytes),
    peek: (offsetBytes, lengthBytes) => sample.run(offsetBytes, lengthBytes),
    saveHashes: (bytes) => chunks.saveHashes(bytes),
    prove: (piece) => chunks.prove(piece),
    evict: (pieces) => chunks.evict(pieces),
    commit: () => chunks.commit(),
    close: () => chunks.close(),
  };
}

test('what is written while the store still opens waits for it; nothing is there at once until then', async () => {
  const opening = Promise.withResolvers<TorrentChunks>();
  const fresh = new FreshChunks(opening.promise, sample.info.pieceCount);
  const writing = fresh.write(3, sample.piece(3));
  expect([fresh.peek(3000, 10), fresh.piecesPerUnit]).toEqual([undefined, 1]);
  opening.resolve(await openPeekable());
  expect(await writing).toEqual(sample.piece(3));
  expect(await fresh.read(3000, 1000)).toEqual(sample.piece(3));
});

test('a block that the store has in memory is there at once: whoever fetches a film passes it on meanwhile', async () => {
  const opening = Promise.withResolvers<TorrentChunks>();
  const fresh = new FreshChunks(opening.promise, sample.info.pieceCount);
  opening.resolve(await openPeekable());
  await fresh.write(3, sample.piece(3));
  expect(fresh.peek(3001, 10)).toEqual(sample.run(3001, 10));
  expect(fresh.piecesPerUnit).toBe(4);
});

test('a store that cannot be opened says so to who writes', async () => {
  const opening = Promise.withResolvers<TorrentChunks>();
  const fresh = new FreshChunks(opening.promise, sample.info.pieceCount);
  opening.reject(new Error('no disk'));
  await expect(fresh.write(3, sample.piece(3))).rejects.toThrow('no disk');
  expect(fresh.peek(3000, 10)).toBeUndefined();
});
