import { expect, test } from 'vitest';
import { StoreError, type TorrentChunks } from '@/src/store/chunk-store';
import { FreshChunks, MAX_KEPT_BYTES } from '@/src/store/fresh-chunks';
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

function freshOver(opening: Promise<TorrentChunks>): FreshChunks {
  return new FreshChunks(opening, sample.info);
}

test('what is written while the store still opens is there at once, and goes to the store', async () => {
  const opening = Promise.withResolvers<TorrentChunks>();
  const fresh = freshOver(opening.promise);
  const piece = sample.piece(3);
  await fresh.write(3, piece);
  await fresh.write(4, sample.piece(4));
  expect([fresh.peek(3001, 10), await fresh.view(3001, 10), fresh.piecesPerUnit]).toEqual([sample.run(3001, 10), sample.run(3001, 10), 1]);
  expect(await fresh.read(3500, 1000)).toEqual(sample.run(3500, 1000));
  const opened = await openPeekable();
  opening.resolve(opened);
  await fresh.commit();
  expect(await opened.read(3000, 2000)).toEqual(sample.run(3000, 2000));
  expect(await fresh.read(3000, 2000)).toEqual(sample.run(3000, 2000));
  // It was given away to one of them, and the other had a copy.
  expect(piece).toEqual(sample.piece(3));
});

test('a run of which the store has one part and memory another is read from both', async () => {
  const opening = Promise.withResolvers<TorrentChunks>();
  const opened = await openPeekable();
  const blocked = Promise.withResolvers<undefined>();
  const fresh = freshOver(opening.promise);
  await fresh.write(3, sample.piece(3));
  const slow: TorrentChunks = {
    ...opened,
    write: async (piece, bytes) => (piece === 3 ? blocked.promise : opened.write(piece, bytes)),
  };
  opening.resolve(slow);
  await fresh.write(4, sample.piece(4));
  expect(await fresh.read(3500, 1000)).toEqual(sample.run(3500, 1000));
  blocked.resolve(undefined);
  await fresh.close();
});

test('beyond what memory may keep a piece waits for the store', async () => {
  const opening = Promise.withResolvers<TorrentChunks>();
  const fresh = freshOver(opening.promise);
  const large = new Uint8Array(MAX_KEPT_BYTES);
  const settled: string[] = [];
  await fresh.write(3, sample.piece(3));
  const waiting = fresh.write(4, large).catch(() => settled.push('refused'));
  await Promise.resolve();
  expect(settled).toEqual([]);
  expect(fresh.peek(4000, 10)).toBeUndefined();
  opening.reject(new Error('no disk'));
  await waiting;
  expect(settled).toEqual(['refused']);
});

test('what the store has no room for is kept, and refused to who writes next; it goes there once there is room', async () => {
  const opening = Promise.withResolvers<TorrentChunks>();
  const fresh = freshOver(opening.promise);
  await fresh.write(3, sample.piece(3));
  const opened = await openPeekable();
  let isFull = true;
  const tight: TorrentChunks = {
    ...opened,
    async write(piece, bytes) {
      if (isFull) throw new StoreError('full', 'There is no room.');
      return opened.write(piece, bytes);
    },
  };
  opening.resolve(tight);
  await expect(fresh.commit()).rejects.toThrow('no room');
  await expect(fresh.write(4, sample.piece(4))).rejects.toThrow('no room');
  expect(await fresh.read(3000, 1000)).toEqual(sample.piece(3));
  isFull = false;
  await fresh.write(4, sample.piece(4));
  expect(await opened.read(3000, 2000)).toEqual(sample.run(3000, 2000));
});

test('what is let go of on its way to the store is gone there, too', async () => {
  const opening = Promise.withResolvers<TorrentChunks>();
  const fresh = freshOver(opening.promise);
  await fresh.write(3, sample.piece(3));
  const evicting = fresh.evict([3]);
  const opened = await openPeekable();
  opening.resolve(opened);
  await evicting;
  await expect(fresh.read(3000, 1000)).rejects.toThrow(/not stored/);
});

test('a block that the store has in memory is there at once: whoever fetches a film passes it on meanwhile', async () => {
  const opening = Promise.withResolvers<TorrentChunks>();
  const fresh = freshOver(opening.promise);
  opening.resolve(await openPeekable());
  await fresh.write(3, sample.piece(3));
  expect(fresh.peek(3001, 10)).toEqual(sample.run(3001, 10));
  expect(fresh.piecesPerUnit).toBe(4);
});

test('a store that cannot be opened says so to whoever wants it; what memory has can be read', async () => {
  const opening = Promise.withResolvers<TorrentChunks>();
  const fresh = freshOver(opening.promise);
  await fresh.write(3, sample.piece(3));
  opening.reject(new Error('no disk'));
  await expect(fresh.commit()).rejects.toThrow('no disk');
  await expect(fresh.close()).rejects.toThrow('no disk');
  expect(fresh.peek(3000, 10)).toEqual(sample.run(3000, 10));
});
