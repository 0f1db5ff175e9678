import { expect, test } from 'vitest';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import type { ChunkStore, TorrentChunks } from '@/src/store/chunk-store';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { withReadCache } from '@/src/store/read-cache';
import { describeFilm, fakeFilm } from '@/tests/support/local-swarm';

const PIECE = 16_384;
const film = fakeFilm(6 * PIECE);
const info = describeFilm(film, PIECE);

/** Counts what is read from the store below. */
async function openCounted(cacheBytes: number): Promise<{ chunks: TorrentChunks; reads: () => number; store: ChunkStore }> {
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
        write: (piece, bytes) => chunks.write(piece, bytes),
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
