import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import type { EngineSnapshot } from '@/src/protocol/engine-api';
import { StoreRoom } from '@/src/engine/store-room';
import { DirectoryMedium } from '@/src/store/directory-medium';
import { StoreError, type ChunkStore } from '@/src/store/chunk-store';
import { MediumChunkStore } from '@/src/store/medium-chunk-store';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { createNodeFileTree } from '@/src/store/node-file-tree';
import { extentLayout } from '@/src/store/run-layout';
import { DownloadBench } from './download-bench';
import { describeFilm, fakeFilm, filledStore, LocalSwarm } from '@/tests/support/local-swarm';

/** Quotas, eviction and full disks, with real engines that link over real WebRTC. */

const PIECE_BYTES = 64 * 1024;
const MEGABYTE = 1_000_000;
const SMALL_WINDOW = { windowBytes: 4 * PIECE_BYTES };

let swarm: LocalSwarm | undefined;

afterEach(async () => {
  await swarm?.close();
  swarm = undefined;
});

/** As in the browser: extents of real files, here of four pieces. */
async function extentStore(): Promise<{ readonly store: ChunkStore; readonly directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'extents-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const medium = new DirectoryMedium(createNodeFileTree(directory), [], {
    tagOf: () => 4 * PIECE_BYTES,
    layoutOf: ({ totalBytes }) => extentLayout(totalBytes, 4 * PIECE_BYTES),
    piecesPerUnit: () => 4,
  });
  return { store: new MediumChunkStore(medium), directory };
}

test('a film larger than the quota plays through, and what is stored keeps to the quota', async () => {
  swarm = await LocalSwarm.start(12 * MEGABYTE);
  await swarm.seed();
  const { store } = await extentStore();
  const viewer = await swarm.join(store, SMALL_WINDOW, { storageQuotaBytes: 3 * MEGABYTE });
  let most = 0;
  const filled = Promise.withResolvers<void>();
  const observer = viewer.engine.connectClient(
    {
      snapshot: ({ store: { usedBytes } }) => {
        most = Math.max(most, usedBytes);
        if (usedBytes > 2 * MEGABYTE) filled.resolve();
      },
    },
    new AbortController().signal,
  );
  await observer.watch({ kind: 'all' });
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  await filled.promise;
  expect(most).toBeLessThanOrEqual(3 * MEGABYTE + SMALL_WINDOW.windowBytes);
  const done = await viewer.until(() => true);
  expect(done.state.kind).toBe('active');
  // Nothing is fetched for its own sake that would only push out something else.
  expect(done.totals.downloadedBytes).toBeLessThan(swarm.film.length * 1.2);
});

test('P4: a peer hears what was let go of, and asks nobody who has not got it any more', async () => {
  swarm = await LocalSwarm.start(6 * MEGABYTE);
  const seeder = await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore(), SMALL_WINDOW, { storageQuotaBytes: 2 * MEGABYTE });
  await viewer.read(0, swarm.film.length);
  const seen = await seeder.until(({ peers: [peer] }) => peer !== undefined && peer.availability > 0 && peer.availability < 0.4);
  expect(seen.peers).toHaveLength(1);
  const third = await swarm.join(createMemoryChunkStore());
  expect(await third.read(0, swarm.film.length)).toEqual(swarm.film);
  expect((await third.until(() => true)).peers.map(({ strikes }) => strikes)).toEqual([0, 0]);
});

test('what several playheads kept beyond the quota goes once they are gone, although nothing is written any more', async () => {
  swarm = await LocalSwarm.start(12 * MEGABYTE);
  await swarm.seed();
  const quotaBytes = 2 * MEGABYTE;
  const viewer = await swarm.join(createMemoryChunkStore(), {}, { storageQuotaBytes: quotaBytes });
  const exceeded = Promise.withResolvers<void>();
  const settled = Promise.withResolvers<void>();
  let isOver = false;
  const observer = viewer.engine.connectClient(
    {
      snapshot: ({ store: { usedBytes } }) => {
        if (usedBytes > 1.1 * quotaBytes) exceeded.resolve();
        else if (isOver && usedBytes <= quotaBytes) settled.resolve();
      },
    },
    new AbortController().signal,
  );
  await observer.watch({ kind: 'all' });
  const watching = new AbortController();
  for (const startBytes of [0, 3, 6, 9].map((megabytes) => megabytes * MEGABYTE)) {
    const stream = await viewer.engine.openStream({ sessionId: viewer.sessionId, fileIndex: 0, startBytes }, watching.signal);
    await stream.read(65_536);
  }
  await exceeded.promise;
  watching.abort();
  isOver = true;
  expect(await settled.promise).toBeUndefined();
});

test('going back to what was let go of fetches it again', async () => {
  swarm = await LocalSwarm.start(6 * MEGABYTE);
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore(), SMALL_WINDOW, { storageQuotaBytes: 2 * MEGABYTE });
  await viewer.read(0, swarm.film.length);
  expect(await viewer.read(0, 300_000)).toEqual(swarm.film.slice(0, 300_000));
});

test('of films nobody has open the one watched longest ago goes first, piece by piece', async () => {
  swarm = await LocalSwarm.start(2 * MEGABYTE);
  await swarm.seed();
  const { store } = await extentStore();
  const older = await storeFilm(store, 2, 1_600_000_000_000);
  const newer = await storeFilm(store, 3, 1_700_000_000_000);
  const viewer = await swarm.join(store, SMALL_WINDOW, { storageQuotaBytes: 5 * MEGABYTE });
  await viewer.read(0, swarm.film.length);
  await viewer.until(({ state }) => state.kind === 'complete');
  const sizes = new Map((await store.list()).map(({ infoHash, storedBytes }) => [infoHash, storedBytes]));
  expect(sizes.get(newer)).toBe(2 * MEGABYTE);
  expect(sizes.get(swarm.info.infoHash)).toBe(swarm.film.length);
  expect(sizes.get(older)).toBeGreaterThan(0);
  expect(sizes.get(older)).toBeLessThan(MEGABYTE);
});

test('what is said to be stored is right from the first time it is said, and follows each piece', async () => {
  swarm = await LocalSwarm.start(2 * MEGABYTE);
  await swarm.seed();
  const { film } = swarm;
  const { store } = await extentStore();
  await storeFilm(store, 1, 1_600_000_000_000);
  const viewer = await swarm.join(store);
  const lags: number[] = [];
  const whole = Promise.withResolvers<number>();
  const observer = viewer.engine.connectClient(
    {
      snapshot: ({ sessions, storedBytes }) => {
        if (storedBytes === undefined) return;
        const verifiedBytes = sessions[0]?.files?.[0]?.verifiedBytes ?? 0;
        lags.push(2 * MEGABYTE + verifiedBytes - storedBytes);
        if (verifiedBytes === film.length) whole.resolve(storedBytes);
      },
    },
    new AbortController().signal,
  );
  await observer.watch({ kind: 'all' });
  await viewer.read(0, film.length);
  expect(await whole.promise).toBe(2 * MEGABYTE + film.length);
  expect(Math.max(...lags)).toBe(0);
});

test('a smaller quota takes effect at once', async () => {
  swarm = await LocalSwarm.start(2 * MEGABYTE);
  const { store } = await extentStore();
  await storeFilm(store, 2, 1_600_000_000_000);
  const viewer = await swarm.join(store);
  const shrunk = Promise.withResolvers<number>();
  const observer = viewer.engine.connectClient(
    {
      snapshot: ({ store: { quotaBytes, usedBytes } }) =>
        quotaBytes === MEGABYTE && usedBytes <= MEGABYTE ? shrunk.resolve(usedBytes) : undefined,
    },
    new AbortController().signal,
  );
  await observer.watch({ kind: 'all' });
  viewer.engine.applySettings({
    consented: true,
    signalingUrls: [],
    iceServers: [],
    defaultMode: 'webrtc',
    trackers: [],
    allowLocalPeers: false,
    storageQuotaBytes: MEGABYTE,
  });
  expect(await shrunk.promise).toBeGreaterThan(0);
});

test('a full disk pauses the film, loses nothing, and it goes on once a stored film was deleted', async () => {
  swarm = await LocalSwarm.start(3 * MEGABYTE);
  await swarm.seed();
  const store = createMemoryChunkStore({ capacityBytes: 4 * MEGABYTE });
  const other = await storeFilm(store, 2, 1_600_000_000_000);
  const viewer = await swarm.join(store, SMALL_WINDOW);
  const reading = viewer.read(0, swarm.film.length);
  const paused = await viewer.until(({ state }) => state.kind === 'paused');
  expect(paused.state).toEqual({ kind: 'paused', reason: 'disk-full' });
  const before = paused.files?.[0]?.verifiedBytes ?? 0;
  expect(before).toBeGreaterThan(MEGABYTE);
  await viewer.calls.deleteStored({ infoHash: other });
  expect(await reading).toEqual(swarm.film);
  const done = await viewer.until(({ state }) => state.kind === 'complete');
  expect(done.totals.downloadedBytes - done.totals.wastedBytes).toBeLessThanOrEqual(swarm.film.length + 64 * PIECE_BYTES);
});

test('a full disk that has room again, whoever made it, is noticed without anybody asking', async () => {
  swarm = await LocalSwarm.start(3 * MEGABYTE);
  await swarm.seed();
  const memory = createMemoryChunkStore();
  let isFull = false;
  let freeBytes = 5 * MEGABYTE;
  const store: ChunkStore = {
    open: async (info) => {
      const chunks = await memory.open(info);
      return {
        ...chunks,
        write: async (piece, bytes) => {
          if (piece === 20 && freeBytes < 100 * MEGABYTE) isFull = true;
          if (isFull) throw new StoreError('full', 'no room');
          await chunks.write(piece, bytes);
        },
      };
    },
    loadInfo: (infoHash) => memory.loadInfo(infoHash),
    loadIndex: (infoHash) => memory.loadIndex(infoHash),
    saveIndex: (infoHash, bytes) => memory.saveIndex(infoHash, bytes),
    list: () => memory.list(),
    remove: (infoHash) => memory.remove(infoHash),
    close: () => memory.close(),
  };
  const viewer = await swarm.join(store, SMALL_WINDOW, { storageQuotaBytes: 100 * MEGABYTE }, swarm.magnet, async () => freeBytes);
  const reading = viewer.read(0, swarm.film.length);
  await viewer.until(({ state }) => state.kind === 'paused' && state.reason === 'disk-full');
  await viewer.calls.resumeSession({ sessionId: viewer.sessionId });
  await viewer.until(({ state }) => state.kind === 'paused' && state.reason === 'disk-full');
  isFull = false;
  freeBytes = 500 * MEGABYTE;
  expect(await reading).toEqual(swarm.film);
});

test.for(['v1', 'v2'] as const)(
  'a piece of a %s torrent that a crash left spoilt is neither played nor served, and fetched again',
  async (kind) => {
    swarm = await LocalSwarm.start(2 * MEGABYTE, PIECE_BYTES, { kind });
    const { store, directory } = await extentStore();
    const chunks = await store.open(swarm.info);
    if (swarm.hashes !== undefined) await chunks.saveHashes(swarm.hashes.slice());
    for (let piece = 0; piece < swarm.info.pieceCount; piece++) {
      const start = piece * PIECE_BYTES;
      const bytes = swarm.film.slice(start, start + PIECE_BYTES);
      // The disk promised more than it kept.
      await chunks.write(piece, piece === 5 ? bytes.fill(0) : bytes);
    }
    await chunks.commit();
    // What crashed keeps no files open; this one would.
    onTestFinished(() => store.close().catch(() => undefined));
    const viewer = await swarm.join(crashed(directory));
    await viewer.until(({ state }) => state.kind === 'complete');
    const other = await swarm.join(createMemoryChunkStore());
    await other.until(({ peers }) => peers.some(({ availability }) => availability > 0.9));
    const theirs = other.read(0, swarm.film.length);
    await viewer.until(({ files }) => (files?.[0]?.verifiedBytes ?? 0) < (swarm?.film.length ?? 0));
    await swarm.seed();
    expect(await theirs).toEqual(swarm.film);
    expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
    // Nobody was dropped for it: both are there, or will be in a moment.
    const { peers } = await other.until((session) => session.peers.length === 2);
    expect(peers.map(({ strikes }) => strikes)).toEqual([0, 0]);
  },
);

test('what a film takes of the disk is told of while it is open, and once it is closed', async () => {
  swarm = await LocalSwarm.start(2 * MEGABYTE);
  await swarm.seed();
  const { store } = await extentStore();
  const viewer = await swarm.join(store);
  await viewer.read(0, swarm.film.length);
  const open = await viewer.until(({ state, stored }) => state.kind === 'complete' && stored?.roomBytes === swarm?.film.length);
  expect(open.stored?.watchedAtMs).toBeGreaterThanOrEqual(open.timeline.opened ?? Number.POSITIVE_INFINITY);
  const closed = Promise.withResolvers<EngineSnapshot>();
  const observer = viewer.engine.connectClient(
    {
      snapshot: (snapshot) => {
        if (snapshot.store.films.length > 0) closed.resolve(snapshot);
      },
    },
    new AbortController().signal,
  );
  await observer.watch({ kind: 'all' });
  await viewer.calls.removeSession({ sessionId: viewer.sessionId, deleteStored: false });
  const { sessions, store: told } = await closed.promise;
  expect(sessions).toEqual([]);
  expect(told.films).toMatchObject([{ infoHash: viewer.sessionId, roomBytes: swarm.film.length, storedBytes: swarm.film.length }]);
  expect(told.films[0]?.watchedAtMs).toBeGreaterThanOrEqual(open.stored?.watchedAtMs ?? Number.POSITIVE_INFINITY);
});

/** Another store over the same files, as after a crash: the one before was never closed. */
function crashed(directory: string): ChunkStore {
  return new MediumChunkStore(
    new DirectoryMedium(createNodeFileTree(directory), [], {
      tagOf: () => 4 * PIECE_BYTES,
      layoutOf: ({ totalBytes }) => extentLayout(totalBytes, 4 * PIECE_BYTES),
      piecesPerUnit: () => 4,
    }),
  );
}

async function storeFilm(store: ChunkStore, seed: number, watchedAtMs: number) {
  const film = fakeFilm(2 * MEGABYTE, seed);
  const info = describeFilm(film, PIECE_BYTES, `film ${seed}.mp4`);
  await filledStore(info, film, () => true, undefined, store);
  await store.saveIndex(info.infoHash, new TextEncoder().encode(JSON.stringify({ version: 1, watchedAtMs, used: [], positions: [] })));
  return info.infoHash;
}

test('a store in memory keeps to its own limit, whatever is set and however much is free', async () => {
  const room = new StoreRoom({ ...new DownloadBench().engine, storeLimitBytes: 5 * MEGABYTE, freeBytes: async () => 1000 * MEGABYTE });
  room.configure(100 * MEGABYTE);
  expect(room.quotaBytes).toBe(5 * MEGABYTE);
});

test('what is free is asked before the first film opens, and the default quota follows from it', async () => {
  const { engine, info } = new DownloadBench();
  const room = new StoreRoom({ ...engine, freeBytes: async () => 100 * MEGABYTE });
  await room.close(await room.open(info));
  expect(room.quotaBytes).toBe(20 * MEGABYTE);
});

test('a film that is used before the store has opened it makes room for itself as any other', async () => {
  const { engine, info, film } = new DownloadBench({ pieces: 8 });
  const before = await storeFilm(engine.store, 7, 1000);
  const room = new StoreRoom(engine);
  room.configure(MEGABYTE);
  const fresh = room.openFresh(info, () => undefined);
  expect([fresh.verifiedAtOpen.count, fresh.roomBytes]).toEqual([0, 0]);
  await fresh.write(0, film.slice(0, info.pieceLengthBytes));
  expect(fresh.roomBytes).toBe(info.pieceLengthBytes);
  expect(room.usedBytes).toBeLessThanOrEqual(MEGABYTE);
  expect((await engine.store.list()).find(({ infoHash }) => infoHash === before)?.storedBytes).toBeLessThan(MEGABYTE);
  await room.close(fresh);
});

test('the first pieces of such a film do not wait for what is asked about the disk', async () => {
  const { engine, info, film } = new DownloadBench({ pieces: 8 });
  const free = Promise.withResolvers<number>();
  const room = new StoreRoom({ ...engine, freeBytes: () => free.promise });
  const fresh = room.openFresh(info, () => undefined);
  await fresh.write(0, film.slice(0, info.pieceLengthBytes));
  expect(fresh.roomBytes).toBe(info.pieceLengthBytes);
  free.resolve(100 * MEGABYTE);
  await room.close(fresh);
});

test('what such a film takes is counted by the units of the store once it is open, whichever pieces came before', async () => {
  const { engine, info, film } = new DownloadBench({ pieces: 8 });
  const { store } = await extentStore();
  const mayOpen = Promise.withResolvers<void>();
  const open: ChunkStore['open'] = async (torrent) => {
    await mayOpen.promise;
    return await store.open(torrent);
  };
  const room = new StoreRoom({ ...engine, store: { ...store, open, list: () => store.list(), saveIndex: async () => undefined } });
  const fresh = room.openFresh(info, () => undefined);
  const write = (piece: number): Promise<void> =>
    fresh.write(piece, film.slice(piece * info.pieceLengthBytes, (piece + 1) * info.pieceLengthBytes));
  await write(7);
  expect(fresh.roomBytes).toBe(info.totalBytes - 7 * info.pieceLengthBytes);
  mayOpen.resolve();
  for (const piece of [0, 1]) await write(piece);
  await expect.poll(() => fresh.roomBytes).toBe(info.totalBytes - 2 * info.pieceLengthBytes);
  for (const piece of [2, 3, 4, 5, 6]) await write(piece);
  expect([fresh.roomBytes, fresh.snapshot.roomBytes, room.usedBytes]).toEqual(Array(3).fill(info.totalBytes));
  await room.close(fresh);
});
