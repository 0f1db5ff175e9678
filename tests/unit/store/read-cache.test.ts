import { expect, test } from 'vitest';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import type { ChunkStore, TorrentChunks } from '@/src/store/chunk-store';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { withReadCache } from '@/src/store/read-cache';
import { describeFilm, fakeFilm } from '@/tests/support/local-swarm';

const PIECE = 16_384;
const film = fakeFilm(6 * PIECE);
const info = describeFilm(film, PIECE);

/**
 * Counts what is read from the store below, which gives the buffer of what was written back.
 * @param beforeAnswer runs when a piece was stored, before who wrote it hears of it
 */
async function openCounted(
  cacheBytes: number,
  beforeAnswer: () => Promise<void> = async () => undefined,
): Promise<{ chunks: TorrentChunks; reads: () => number; store: ChunkStore }> {
  const memory = createMemoryChunkStore();
  let reads = 0;
  const counted: ChunkStore = {
    open: async (opened: TorrentInfo) => {
      const chunks = await memory.open(opened);
      return {
        verifiedAtOpen: chunks.verifiedAtOpen,
        hashesAtOpen: chunks.hashesAtOpen,
        saveHashes: (bytes) => chunks.saveHashes(bytes),
        unproven: chunks.unproven,
        piecesPerUnit: chunks.piecesPerUnit,
        prove: (piece) => chunks.prove(piece),
        evict: (pieces) => chunks.evict(pieces),
        write: async (piece, bytes) => {
          const given = bytes.slice();
          await chunks.write(piece, bytes);
          await beforeAnswer();
          return given;
        },
        read: (offsetBytes, lengthBytes) => {
          reads++;
          return chunks.read(offsetBytes, lengthBytes);
        },
        commit: () => chunks.commit(),
        close: () => chunks.close(),
      };
    },
    loadInfo: (infoHash) => memory.loadInfo(infoHash),
    loadIndex: (infoHash) => memory.loadIndex(infoHash),
    saveIndex: (infoHash, bytes) => memory.saveIndex(infoHash, bytes),
    list: () => memory.list(),
    remove: (infoHash) => memory.remove(infoHash),
    close: () => memory.close(),
  };
  const store = withReadCache(counted, cacheBytes);
  return { chunks: await store.open(info), reads: () => reads, store };
}

async function write(chunks: TorrentChunks, ...pieces: number[]): Promise<void> {
  for (const piece of pieces) await chunks.write(piece, film.slice(piece * PIECE, (piece + 1) * PIECE));
}

test('what was written last is read from memory, also across pieces', async () => {
  const { chunks, reads } = await openCounted(4 * PIECE);
  await write(chunks, 0, 1, 2);
  expect(await chunks.read(100, 2 * PIECE)).toEqual(film.slice(100, 100 + 2 * PIECE));
  expect(reads()).toBe(0);
});

test('what is handed out is the caller’s: changing it changes nothing here', async () => {
  const { chunks } = await openCounted(4 * PIECE);
  await write(chunks, 0);
  (await chunks.read(0, PIECE)).fill(0);
  expect(await chunks.read(0, PIECE)).toEqual(film.slice(0, PIECE));
});

test('a block in memory is there at once, and only as long as it is in memory', async () => {
  const { chunks, reads } = await openCounted(2 * PIECE);
  expect(chunks.peek?.(0, 100)).toBeUndefined();
  await write(chunks, 0, 1);
  expect(chunks.peek?.(PIECE + 50, 100)).toEqual(film.slice(PIECE + 50, PIECE + 150));
  expect(chunks.peek?.(PIECE - 50, 100), 'across pieces it has to be put together').toBeUndefined();
  await write(chunks, 2);
  expect(chunks.peek?.(0, 100), 'it made room for the next').toBeUndefined();
  await chunks.evict([1]);
  expect(chunks.peek?.(PIECE, 100), 'it was let go of').toBeUndefined();
  expect(reads()).toBe(0);
});

test('it keeps to its bound: the oldest pieces come from the store again', async () => {
  const { chunks, reads } = await openCounted(2 * PIECE);
  await write(chunks, 0, 1, 2);
  expect(await chunks.read(PIECE, 2 * PIECE)).toEqual(film.slice(PIECE, 3 * PIECE));
  expect(reads()).toBe(0);
  expect(await chunks.read(0, PIECE)).toEqual(film.slice(0, PIECE));
  expect(reads()).toBe(1);
});

test('a run that is here only in part comes whole from the store', async () => {
  const { chunks, reads } = await openCounted(PIECE);
  await write(chunks, 0, 1);
  expect(await chunks.read(0, 2 * PIECE)).toEqual(film.slice(0, 2 * PIECE));
  expect(reads()).toBe(1);
});

test('a closed torrent leaves nothing behind', async () => {
  const { chunks, store, reads } = await openCounted(4 * PIECE);
  await write(chunks, 0);
  await chunks.close();
  const again = await store.open(info);
  expect(await again.read(0, PIECE)).toEqual(film.slice(0, PIECE));
  expect(reads()).toBe(1);
});

/** All of the film is stored, none of it in the cache. */
async function openStored(cacheBytes: number): Promise<{ chunks: TorrentChunks; reads: () => number }> {
  const opened = await openCounted(cacheBytes);
  await write(opened.chunks, 0, 1, 2, 3, 4, 5);
  await opened.chunks.close();
  return { chunks: await opened.store.open(info), reads: opened.reads };
}

const BLOCK = PIECE / 4;

async function readBlocks(chunks: TorrentChunks, first: number, count: number): Promise<void> {
  for (let block = first; block < first + count; block++) {
    expect(await chunks.read(block * BLOCK, BLOCK)).toEqual(film.slice(block * BLOCK, (block + 1) * BLOCK));
  }
}

test('who reads one block after the other makes it read whole pieces', async () => {
  const { chunks, reads } = await openStored(4 * PIECE);
  await readBlocks(chunks, 0, 12);
  // The first block alone: nobody knew then. After that each piece once.
  expect(reads()).toBe(4);
});

test('blocks asked for at once share one read', async () => {
  const { chunks, reads } = await openStored(4 * PIECE);
  await readBlocks(chunks, 0, 1);
  const blocks = await Promise.all([1, 2, 3].map((block) => chunks.read(block * BLOCK, BLOCK)));
  expect(blocks).toEqual([1, 2, 3].map((block) => film.slice(block * BLOCK, (block + 1) * BLOCK)));
  expect(reads()).toBe(2);
});

test('who only looks at a whole piece leaves it in memory, and at a block of it as it is there', async () => {
  const { chunks, reads } = await openStored(4 * PIECE);
  expect(await chunks.view?.(PIECE, PIECE)).toEqual(film.slice(PIECE, 2 * PIECE));
  expect(chunks.peek?.(PIECE + 5, 10)).toEqual(film.slice(PIECE + 5, PIECE + 15));
  expect((await chunks.view?.(PIECE + 5, 10))?.buffer).toBe(chunks.peek?.(PIECE, PIECE)?.buffer);
  expect(reads()).toBe(1);
});

test('who looks at single blocks here and there, or at more than a piece, keeps nothing', async () => {
  const { chunks, reads } = await openStored(4 * PIECE);
  for (const block of [0, 9]) expect(await chunks.view?.(block * BLOCK, BLOCK)).toEqual(film.slice(block * BLOCK, (block + 1) * BLOCK));
  expect(await chunks.view?.(PIECE, 2 * PIECE)).toEqual(film.slice(PIECE, 3 * PIECE));
  for (const piece of [0, 1, 2]) expect(chunks.peek?.(piece * PIECE, BLOCK)).toBeUndefined();
  expect(reads()).toBe(3);
});

test('who looks at a piece too large for the cache keeps nothing', async () => {
  const { chunks, reads } = await openStored(2 * PIECE);
  expect(await chunks.view?.(0, PIECE)).toEqual(film.slice(0, PIECE));
  expect(chunks.peek?.(0, BLOCK)).toBeUndefined();
  expect(reads()).toBe(1);
});

test('single blocks here and there are read alone', async () => {
  const { chunks, reads } = await openStored(4 * PIECE);
  for (const block of [0, 9, 4, 20]) await readBlocks(chunks, block, 1);
  expect(await chunks.read(0, PIECE)).toEqual(film.slice(0, PIECE));
  expect(reads()).toBe(5);
});

test('more readers than the cache has room for do not make it read what it drops again', async () => {
  const { chunks, reads } = await openStored(4 * PIECE);
  // Room for two; three take turns.
  for (const turn of [0, 1, 2]) for (const piece of [0, 2, 4]) await readBlocks(chunks, piece * 4 + turn, 1);
  expect(reads()).toBe(9);
});

test('a piece too large for the cache is never read whole', async () => {
  const { chunks, reads } = await openStored(2 * PIECE);
  await readBlocks(chunks, 0, 4);
  expect(reads()).toBe(4);
});

test('closed while a piece comes, it hands the block out and keeps nothing', async () => {
  const { chunks } = await openStored(4 * PIECE);
  await readBlocks(chunks, 0, 1);
  const reading = chunks.read(BLOCK, BLOCK);
  await chunks.close();
  expect(await reading).toEqual(film.slice(BLOCK, 2 * BLOCK));
});

test('a piece that is let go of while it comes is not kept', async () => {
  const { chunks } = await openStored(4 * PIECE);
  await readBlocks(chunks, 0, 1);
  const reading = chunks.read(BLOCK, BLOCK);
  await chunks.evict([0]);
  expect(await reading).toEqual(film.slice(BLOCK, 2 * BLOCK));
  await expect(chunks.read(2 * BLOCK, BLOCK)).rejects.toMatchObject({ code: 'missing' });
});

test('a piece that is let go of before its writer hears that it is stored is not read from memory', async () => {
  const { chunks } = await openCounted(4 * PIECE, () => chunks.evict([0]));
  await write(chunks, 0);
  await expect(chunks.read(0, PIECE)).rejects.toMatchObject({ code: 'missing' });
});
