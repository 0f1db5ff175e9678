import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { describeTwoFiles, filledStore, LocalSwarm } from '@/tests/support/local-swarm';
import { TrackerSwarm } from '@/tests/support/tracker-swarm';

/** Whole engines in Node and peers of the unmodified library, over real WebRTC and a real tracker. */

let swarm: TrackerSwarm;

afterEach(async () => {
  await swarm.close();
});

test('two viewers find each other through a tracker, and one has the metadata and the film from the other', async () => {
  swarm = await TrackerSwarm.start();
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore());
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  const done = await viewer.until(({ state }) => state.kind === 'complete');
  const source = done.sources.find(({ name }) => name === 'webtorrent');
  expect(Object.keys(source?.timeline ?? {})).toEqual(['started', 'peer', 'metadata', 'first-piece']);
  expect(source?.totals.downloadedBytes).toBe(swarm.film.length + (source?.totals.wastedBytes ?? 0));
  expect(done.totals.wastedBytes / swarm.film.length).toBeLessThan(0.03);
  expect(done.trackers).toMatchObject([{ url: swarm.trackerUrl, state: 'connected' }]);
  expect(done.peers).toMatchObject([{ source: 'webtorrent', state: 'connected', availability: 1 }]);
});

test('a seeder of the unmodified library is streamed from', async () => {
  swarm = await TrackerSwarm.start();
  await swarm.stockPeer(swarm.film);
  const viewer = await swarm.join(createMemoryChunkStore());
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
});

test('a film larger than the quota is streamed from a seeder of the unmodified library, twice over', async () => {
  swarm = await TrackerSwarm.start(6_000_000);
  await swarm.stockPeer(swarm.film);
  const store = createMemoryChunkStore();
  const viewer = await swarm.join(store, { storageQuotaBytes: 2_000_000 }, { windowBytes: 4 * 65_536 });
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  expect(await viewer.read(0, 1_000_000)).toEqual(swarm.film.slice(0, 1_000_000));
  expect((await store.list())[0]?.storedBytes).toBeLessThan(2_500_000);
});

test('a hybrid torrent is streamed from a seeder of the unmodified library, as the v1 torrent it knows', async () => {
  swarm = await TrackerSwarm.start(3_000_000, 64 * 1024, 'hybrid');
  await swarm.stockPeer(swarm.film);
  const viewer = await swarm.join(createMemoryChunkStore());
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
});

test('S5: a btmh viewer of a hybrid torrent joins the WebTorrent swarm once it knows the v1 hash', async () => {
  swarm = await TrackerSwarm.start(3_000_000, 64 * 1024, 'hybrid');
  const native = await LocalSwarm.start();
  const both = { signalingUrls: [native.server.url], defaultMode: 'hybrid' } as const;
  await swarm.stockPeer(swarm.film);
  // It knows what the torrent is, and has nothing of it.
  await swarm.join(await filledStore(swarm.info, swarm.film, () => false), { ...both, defaultMode: 'webrtc' });
  const btmh = swarm.magnet.replace(/xt=urn:btih:[^&]*&/, '');
  const viewer = await swarm.join(createMemoryChunkStore(), both, {}, btmh);
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  const { sources } = await viewer.until(({ state }) => state.kind === 'complete');
  expect(sources.find(({ name }) => name === 'webtorrent')?.totals.downloadedBytes).toBeGreaterThan(0);
  await native.close();
});

test.each(['upload', 'download'] as const)('a limit on the %s holds for what the library moves', async (direction) => {
  const bytesPerSecond = 1_500_000;
  const limits = direction === 'upload' ? { uploadBytesPerSecond: bytesPerSecond } : { downloadBytesPerSecond: bytesPerSecond };
  swarm = await TrackerSwarm.start();
  await swarm.seed(direction === 'upload' ? limits : {});
  const viewer = await swarm.join(createMemoryChunkStore(), direction === 'download' ? limits : {});
  await viewer.calls.selectFile({ sessionId: viewer.sessionId, fileIndex: 0 });
  const begun = await viewer.until(({ totals }) => totals.downloadedBytes > 0);
  const begunAtMs = performance.now();
  await viewer.until(({ state }) => state.kind === 'complete');
  const seconds = (performance.now() - begunAtMs) / 1000;
  expect((swarm.film.length - begun.totals.downloadedBytes) / seconds).toBeLessThan(bytesPerSecond * 1.15);
});

test('a leecher of the unmodified library has the film from a viewer who watches it', async () => {
  swarm = await TrackerSwarm.start();
  await swarm.seed();
  const leecher = await swarm.stockViewer();
  const taken = leecher.torrent.pieces.filter((piece) => piece === null);
  expect(taken).toHaveLength(swarm.info.pieceCount);
});

test('a piece that came from elsewhere is served in the WebTorrent swarm', async () => {
  swarm = await TrackerSwarm.start();
  const native = await LocalSwarm.start();
  const both = { signalingUrls: [native.server.url], defaultMode: 'hybrid' } as const;
  await swarm.seed({ ...both, defaultMode: 'webrtc' });
  const between = await swarm.join(createMemoryChunkStore(), both);
  const viewer = await swarm.join(createMemoryChunkStore());
  await between.calls.selectFile({ sessionId: between.sessionId, fileIndex: 0 });
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  const { sources } = await between.until(({ totals }) => totals.uploadedBytes >= swarm.film.length);
  expect(sources.map(({ name, totals }) => [name, totals.downloadedBytes > 0, totals.uploadedBytes > 0])).toEqual([
    ['native', true, false],
    ['webtorrent', false, true],
    ['web-seed', false, false],
  ]);
  await native.close();
});

test('half of the film in each swarm: hybrid plays it through, hardly a byte comes twice', async () => {
  swarm = await TrackerSwarm.start(6_000_000);
  const native = await LocalSwarm.start();
  const signalingUrls = [native.server.url];
  await swarm.join(await swarm.halfStore(0), { signalingUrls, defaultMode: 'webrtc' });
  await swarm.join(await swarm.halfStore(1), { defaultMode: 'webtorrent' });
  const viewer = await swarm.join(createMemoryChunkStore(), { signalingUrls, defaultMode: 'hybrid' });
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  const done = await viewer.until(({ state }) => state.kind === 'complete');
  expect(done.totals.downloadedBytes - done.totals.wastedBytes).toBe(swarm.film.length);
  expect(done.totals.wastedBytes / swarm.film.length).toBeLessThan(0.03);
  const shares = done.sources.map(({ totals }) => (totals.downloadedBytes - totals.wastedBytes) / swarm.film.length);
  expect(shares[0]).toBeCloseTo(0.5, 1);
  expect(shares[1]).toBeCloseTo(0.5, 1);
  await native.close();
});

test('the engines of a session are switched while it plays', async () => {
  swarm = await TrackerSwarm.start(6_000_000);
  const native = await LocalSwarm.start();
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore(), { signalingUrls: [native.server.url], defaultMode: 'webtorrent' });
  expect(await viewer.read(0, 1_000_000)).toEqual(swarm.film.slice(0, 1_000_000));
  await viewer.calls.setMode({ sessionId: viewer.sessionId, mode: 'webrtc' });
  const alone = await viewer.until(({ mode, peers }) => mode === 'webrtc' && peers.length === 0);
  expect(alone.sources.map(({ state }) => state)).toEqual(['searching', 'off', 'off']);
  await viewer.calls.setMode({ sessionId: viewer.sessionId, mode: 'hybrid' });
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  await native.close();
});

test('a swarm that dies while the film is read is made up for by the other', async () => {
  swarm = await TrackerSwarm.start(12_000_000);
  const native = await LocalSwarm.start();
  const signalingUrls = [native.server.url];
  await swarm.seed({ signalingUrls, defaultMode: 'webrtc' });
  const dying = await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore(), { signalingUrls, defaultMode: 'hybrid' });
  await viewer.until(({ sources }) => sources.slice(0, 2).every(({ peers }) => peers === 1));
  const reading = viewer.read(0, swarm.film.length);
  await viewer.until(({ sources }) => (sources[1]?.totals.downloadedBytes ?? 0) > 0);
  await dying.close();
  expect(await reading).toEqual(swarm.film);
  await native.close();
});

test('W1: viewers who meet in the WebTorrent swarm link natively, once, with no signaling server at all', async () => {
  swarm = await TrackerSwarm.start();
  await swarm.seed({ defaultMode: 'hybrid' });
  const viewer = await swarm.join(createMemoryChunkStore(), { defaultMode: 'hybrid' });
  const linked = await viewer.until(({ peers }) => peers.some(({ source, state }) => source === 'native' && state === 'connected'));
  expect(linked.peers.map(({ source }) => source).toSorted()).toEqual(['native', 'webtorrent']);
  await viewer.calls.setMode({ sessionId: viewer.sessionId, mode: 'webrtc' });
  await viewer.until(({ sources }) => sources[1]?.state === 'off');
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  const { sources } = await viewer.until(({ state }) => state.kind === 'complete');
  expect(sources[0]?.totals.downloadedBytes).toBeGreaterThan(0);
});

test('W3: a viewer who switches its native swarm on later is linked then', async () => {
  swarm = await TrackerSwarm.start();
  await swarm.seed({ defaultMode: 'hybrid' });
  const viewer = await swarm.join(createMemoryChunkStore());
  const met = await viewer.until(({ peers }) => peers.length > 0);
  expect(met.peers.map(({ source }) => source)).toEqual(['webtorrent']);
  await viewer.calls.setMode({ sessionId: viewer.sessionId, mode: 'hybrid' });
  const linked = await viewer.until(({ peers }) => peers.some(({ source, state }) => source === 'native' && state === 'connected'));
  expect(linked.peers).toHaveLength(2);
});

test('a tracker added while nobody is reachable leads to the film', async () => {
  swarm = await TrackerSwarm.start();
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore(), { trackers: [] });
  await expect(viewer.calls.addTracker({ sessionId: viewer.sessionId, url: 'udp://tracker.example:80' })).rejects.toMatchObject({
    code: 'bad-request',
  });
  await viewer.calls.addTracker({ sessionId: viewer.sessionId, url: swarm.trackerUrl });
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
});

test('a tracker is told once that all chosen files are there, and counts a seeder more', async () => {
  swarm = await TrackerSwarm.start(1_000_000, 64 * 1024, describeTwoFiles);
  const { server } = swarm.tracker;
  const completed: unknown[] = [];
  server.on('complete', (peerId: unknown) => completed.push(peerId));
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore());
  const { sessionId, calls } = viewer;
  await viewer.until(({ files }) => files !== undefined);
  const told = once(server, 'complete');
  await calls.selectFile({ sessionId, fileIndex: 0 });
  await told;
  expect(server.torrents[swarm.info.infoHash]).toMatchObject({ complete: 2, incomplete: 0 });

  await calls.selectFile({ sessionId, fileIndex: 1 });
  await viewer.until(({ state, files }) => state.kind === 'complete' && files?.every(({ selected }) => selected) === true);
  // What is said in one connection comes in order: its last word is that the viewer leaves.
  const left = once(server, 'stop');
  await calls.pauseSession({ sessionId });
  await left;
  expect(completed).toHaveLength(1);
});

test('what was all there when it was opened is not told of as completed: it is announced as a seeder', async () => {
  swarm = await TrackerSwarm.start();
  const { server } = swarm.tracker;
  const completed: unknown[] = [];
  server.on('complete', (peerId: unknown) => completed.push(peerId));
  const started = once(server, 'start');
  const seeder = await swarm.seed();
  await started;
  await seeder.calls.selectFile({ sessionId: seeder.sessionId, fileIndex: 0 });
  await seeder.until(({ state }) => state.kind === 'complete');
  const left = once(server, 'stop');
  await seeder.calls.pauseSession({ sessionId: seeder.sessionId });
  await left;
  expect(completed).toEqual([]);
});

test('among honest peers the one that lies is found out, and only that one', async () => {
  swarm = await TrackerSwarm.start(6_000_000, 256 * 1024);
  await swarm.seed();
  await swarm.join(
    await filledStore(
      swarm.info,
      swarm.film.map((byte) => byte ^ 1),
    ),
  );
  const viewer = await swarm.join(createMemoryChunkStore());
  await viewer.until(({ peers }) => peers.length === 2);
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  const done = await viewer.until(({ state, peers }) => state.kind === 'complete' && peers.length === 1);
  expect(done.totals.downloadedBytes - done.totals.wastedBytes).toBe(swarm.film.length);
});

/** Both swarms have a seeder, and the signaling server can name the native one. */
async function seedBothSwarms(native: LocalSwarm): Promise<{ signalingUrls: string[]; defaultMode: 'hybrid' }> {
  swarm = await TrackerSwarm.start(6_000_000);
  const signalingUrls = [native.server.url];
  await swarm.seed({ signalingUrls, defaultMode: 'webrtc' });
  await swarm.seed();
  await expect.poll(() => native.server.counts()).toMatchObject({ members: 1 });
  return { signalingUrls, defaultMode: 'hybrid' };
}

test('in hybrid mode WebTorrent waits while the native swarm has somebody', async () => {
  const native = await LocalSwarm.start();
  const both = await seedBothSwarms(native);
  const viewer = await swarm.join(createMemoryChunkStore(), both, { nativeHeadStartMs: 3_600_000 });
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  const { sources } = await viewer.until(({ state }) => state.kind === 'complete');
  expect(sources[0]?.timeline.peer).toBeDefined();
  expect(sources[1]?.timeline).toEqual({});
  await native.close();
});

test('in hybrid mode WebTorrent comes in once the native swarm has had its head start', async () => {
  const nativeHeadStartMs = 100;
  const native = await LocalSwarm.start();
  const both = await seedBothSwarms(native);
  const viewer = await swarm.join(createMemoryChunkStore(), both, { nativeHeadStartMs });
  const { sources } = await viewer.until(({ sources: all }) => all[1]?.timeline.started !== undefined);
  const aheadMs = (sources[1]?.timeline.started ?? 0) - (sources[0]?.timeline.started ?? 0);
  // Timers of Node may come up to a millisecond early.
  expect(aheadMs).toBeGreaterThanOrEqual(nativeHeadStartMs - 1);
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  await native.close();
});

test('in hybrid mode WebTorrent does not wait for servers that name nobody, or cannot be reached', async () => {
  swarm = await TrackerSwarm.start();
  const native = await LocalSwarm.start();
  await swarm.seed();
  const viewer = await swarm.join(
    createMemoryChunkStore(),
    { signalingUrls: [native.server.url, 'http://127.0.0.1:9'], defaultMode: 'hybrid' },
    { nativeHeadStartMs: 3_600_000 },
  );
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  await native.close();
});
