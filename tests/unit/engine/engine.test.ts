import { afterEach, expect, test } from 'vitest';
import { silentLogger } from '@/src/base/logger';
import { createNodeEngine } from '@/src/host/node-engine';
import { StoreError } from '@/src/store/chunk-store';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { LocalSwarm, NATIVE_ONLY, openMember, startServer, type Member } from '@/tests/support/local-swarm';
import type { StreamRequest } from '@/src/protocol/engine-api';
import { NOTICES } from '@/src/protocol/notice';

/** The whole engine in Node: real WebRTC, a real signaling server, engines that differ only in what they hold. */

let swarm: LocalSwarm | undefined;

afterEach(async () => {
  await swarm?.close();
  swarm = undefined;
});

test('a viewer reads a film from a seeder it met through signaling, verified and in order', async () => {
  swarm = await LocalSwarm.start();
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore());
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  const done = await viewer.until(({ state }) => state.kind === 'complete');
  expect(Object.keys(done.timeline)).toEqual(['opened', 'signaling', 'peer', 'metadata', 'first-piece']);
  expect(done.name).toBe('film.bin');
  expect(done.totals.downloadedBytes).toBe(swarm.film.length + done.totals.wastedBytes);
  expect(done.files?.[0]).toMatchObject({ verifiedBytes: swarm.film.length, kind: 'other', selected: true });
});

test('a reader far into the film is served before what lies ahead of it', async () => {
  swarm = await LocalSwarm.start(12_000_000);
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore(), { windowBytes: 512 * 1024 });
  await viewer.until(({ files }) => files !== undefined);
  const at = 9_000_000;
  expect(await viewer.read(at, 100_000)).toEqual(swarm.film.slice(at, at + 100_000));
  const then = await viewer.until(() => true);
  expect(then.files?.[0]?.verifiedBytes).toBeLessThan(swarm.film.length);
});

test('several seeders share the work, and hardly a byte comes twice', async () => {
  swarm = await LocalSwarm.start(12_000_000);
  await Promise.all([swarm.seed(), swarm.seed(), swarm.seed()]);
  const viewer = await swarm.join(createMemoryChunkStore());
  await viewer.until(({ peers }) => peers.filter(({ availability }) => availability === 1).length === 3);
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  const done = await viewer.until(({ state }) => state.kind === 'complete');
  expect(done.peers.filter(({ totals }) => totals.downloadedBytes > 0)).toHaveLength(3);
  expect(done.totals.wastedBytes / swarm.film.length).toBeLessThan(0.03);
});

test('two viewers who meet pass on to each other what they have', async () => {
  swarm = await LocalSwarm.start();
  const seeder = await swarm.seed();
  const first = await swarm.join(createMemoryChunkStore());
  await first.read(0, swarm.film.length);
  await seeder.close();
  const second = await swarm.join(createMemoryChunkStore());
  expect(await second.read(0, swarm.film.length)).toEqual(swarm.film);
});

test('a viewer without metadata gets it from another viewer that holds only a part', async () => {
  swarm = await LocalSwarm.start();
  const partly = createMemoryChunkStore();
  const chunks = await partly.open(swarm.info);
  await chunks.write(3, swarm.film.slice(3 * 65_536, 4 * 65_536));
  await chunks.close();
  await swarm.join(partly);
  const newcomer = await swarm.join(createMemoryChunkStore());
  expect(await newcomer.read(3 * 65_536, 65_536)).toEqual(swarm.film.slice(3 * 65_536, 4 * 65_536));
});

test('S3: a viewer has another peer id each time it starts', async () => {
  swarm = await LocalSwarm.start();
  const seeder = await swarm.seed();
  const seen: string[] = [];
  for (let visit = 0; visit < 3; visit++) {
    const viewer = await swarm.join(createMemoryChunkStore());
    await viewer.read(0, 1000);
    const { peers } = await seeder.until((session) => session.peers.some(({ id, state }) => state === 'connected' && !seen.includes(id)));
    seen.push(...peers.map(({ id }) => id).filter((id) => !seen.includes(id)));
    await viewer.close();
  }
  expect(seen).toHaveLength(3);
  for (const id of seen) expect(id).toMatch(/^[0-9a-f]{40}$/);
});

test('tabs share one session, which ends a while after the last of them', async () => {
  swarm = await LocalSwarm.start();
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore(), { lingerMs: 1 });
  const secondTab = new AbortController();
  const ended = Promise.withResolvers<void>();
  const observer = viewer.engine.connectClient(
    { snapshot: ({ sessions }) => (sessions.length === 0 ? ended.resolve() : undefined) },
    new AbortController().signal,
  );
  const second = viewer.engine.connectClient({ snapshot: () => undefined }, secondTab.signal);
  await second.openSession({ magnet: swarm.magnet });
  expect((await viewer.until(({ views }) => views === 2)).views).toBe(2);
  secondTab.abort();
  expect((await viewer.until(({ views }) => views === 1)).state.kind).not.toBe('failed');
  await observer.watch({ kind: 'all' });
  await viewer.calls.removeSession({ sessionId: viewer.sessionId, deleteStored: false });
  await expect(ended.promise).resolves.toBeUndefined();
});

test('what is read goes on without a tab, and its session ends after it', async () => {
  swarm = await LocalSwarm.start();
  await swarm.seed({ uploadBytesPerSecond: 2_000_000 });
  const viewer = await swarm.join(createMemoryChunkStore(), { lingerMs: 1 });
  const ended = Promise.withResolvers<void>();
  let wasOpen = false;
  const observer = viewer.engine.connectClient(
    {
      snapshot: ({ sessions }) => {
        wasOpen ||= sessions.length > 0;
        if (wasOpen && sessions.length === 0) ended.resolve();
      },
    },
    new AbortController().signal,
  );
  await observer.watch({ kind: 'all' });
  const saving = new AbortController();
  const stream = await viewer.engine.openStream({ sessionId: viewer.sessionId, fileIndex: 0, startBytes: 0 }, saving.signal);
  viewer.leave();
  let savedBytes = 0;
  for (let run = await stream.read(65_536); run.length > 0; run = await stream.read(65_536)) savedBytes += run.length;
  expect(savedBytes).toBe(swarm.film.length);
  saving.abort();
  await expect(ended.promise).resolves.toBeUndefined();
});

test('a stored film plays with every peer gone and no server up', async () => {
  swarm = await LocalSwarm.start();
  const seeder = await swarm.seed();
  const store = createMemoryChunkStore();
  const before = await swarm.join({ ...delegate(store), close: async () => undefined });
  await before.read(0, swarm.film.length);
  await before.close();
  await seeder.close();
  await swarm.server.close();
  const after = await swarm.join(store);
  expect(await after.read(0, swarm.film.length)).toEqual(swarm.film);
  expect((await after.until(({ state }) => state.kind === 'complete')).totals.downloadedBytes).toBe(0);
});

test('a server that is down is reported in words, and the film plays once it is back', async () => {
  swarm = await LocalSwarm.start();
  const { port } = swarm.server;
  await swarm.server.close();
  const viewer = await swarm.join(createMemoryChunkStore());
  const waiting = await viewer.until(({ signaling }) => signaling[0]?.state === 'unreachable');
  expect(waiting.state.kind).toBe('searching');
  expect(NOTICES).toHaveProperty(waiting.signaling[0]?.reason?.name ?? 'none');
  swarm.server = await startServer(port);
  await swarm.seed();
  await viewer.calls.retry();
  expect(await viewer.read(0, 200_000)).toEqual(swarm.film.slice(0, 200_000));
});

test('a paused session leaves its peers and goes on where it was', async () => {
  swarm = await LocalSwarm.start();
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore());
  await viewer.until(({ state }) => state.kind === 'active');
  await viewer.calls.pauseSession({ sessionId: viewer.sessionId });
  const paused = await viewer.until(({ state, peers }) => state.kind === 'paused' && peers.length === 0);
  expect(paused.state).toEqual({ kind: 'paused', reason: 'user' });
  await viewer.calls.resumeSession({ sessionId: viewer.sessionId });
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
});

test('a full disk pauses the download and says so; what is held stays readable', async () => {
  swarm = await LocalSwarm.start();
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore({ capacityBytes: 1_000_000 }));
  await viewer.until(({ files }) => files !== undefined);
  await viewer.calls.selectFile({ sessionId: viewer.sessionId, fileIndex: 0 });
  const paused = await viewer.until(({ state }) => state.kind === 'paused');
  expect(paused.state).toEqual({ kind: 'paused', reason: 'disk-full' });
  expect(await viewer.read(0, 65_536)).toEqual(swarm.film.slice(0, 65_536));
});

test('before consent nothing opens and no server hears of it', async () => {
  swarm = await LocalSwarm.start();
  const engine = createNodeEngine({ store: createMemoryChunkStore(), logger: silentLogger });
  engine.applySettings({ consented: false, signalingUrls: [swarm.server.url], iceServers: [], ...NATIVE_ONLY, allowLocalPeers: false });
  await expect(openMember(engine, swarm.magnet)).rejects.toMatchObject({ code: 'no-consent' });
  expect(swarm.server.counts().connections).toBe(0);
  await engine.close();
});

test('consent that is withdrawn ends every session', async () => {
  swarm = await LocalSwarm.start();
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore());
  await viewer.until(({ state }) => state.kind === 'active');
  viewer.engine.applySettings({ consented: false, signalingUrls: [], iceServers: [], ...NATIVE_ONLY, allowLocalPeers: false });
  await expect(viewer.calls.selectFile({ sessionId: viewer.sessionId, fileIndex: 0 })).rejects.toMatchObject({ code: 'unknown-session' });
});

test.each([
  ['http://example.org', 'bad-magnet'],
  ['magnet:?dn=nothing', 'bad-magnet'],
  ['magnet:?xt=urn:ed2k:354B15E68FB8F36D7CD88FF94116CDC1', 'unsupported-magnet'],
])('the link %s is refused as %s', async (magnet, code) => {
  swarm = await LocalSwarm.start(100_000);
  const viewer = await swarm.join(createMemoryChunkStore());
  await expect(viewer.calls.openSession({ magnet })).rejects.toMatchObject({ code });
});

test('a film removed with its data is fetched anew', async () => {
  swarm = await LocalSwarm.start();
  await swarm.seed();
  const store = createMemoryChunkStore();
  const viewer = await swarm.join(store);
  await viewer.read(0, swarm.film.length);
  await viewer.calls.removeSession({ sessionId: viewer.sessionId, deleteStored: true });
  expect(await store.list()).toEqual([]);
  await viewer.calls.openSession({ magnet: swarm.magnet });
  expect(await viewer.read(0, 100_000)).toEqual(swarm.film.slice(0, 100_000));
});

test('a film that failed is tried anew when it is opened again, for the tabs that were there, too', async () => {
  swarm = await LocalSwarm.start();
  await swarm.seed();
  const store = createMemoryChunkStore();
  let busy = true;
  const viewer = await swarm.join({
    ...delegate(store),
    open: (info) => (busy ? Promise.reject(new StoreError('busy', 'in use')) : store.open(info)),
  });
  const failed = await viewer.until(({ state }) => state.kind === 'failed');
  expect(failed.state).toMatchObject({ code: 'store-failed' });
  busy = false;
  const secondTab = viewer.engine.connectClient({ snapshot: () => undefined }, new AbortController().signal);
  await secondTab.openSession({ magnet: swarm.magnet });
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  expect((await viewer.until(({ state }) => state.kind === 'complete')).views).toBe(2);
});

test('settings that change while the store is asked are the ones that count', async () => {
  swarm = await LocalSwarm.start();
  await swarm.seed();
  const store = createMemoryChunkStore();
  const asked = Promise.withResolvers<void>();
  const viewer = await swarm.join(
    { ...delegate(store), loadInfo: (infoHash) => asked.promise.then(() => store.loadInfo(infoHash)) },
    {},
    { signalingUrls: ['http://127.0.0.1:9'] },
  );
  viewer.engine.applySettings({
    consented: true,
    signalingUrls: [swarm.server.url],
    iceServers: [],
    allowLocalPeers: false,
    defaultMode: 'webrtc',
    trackers: [],
  });
  asked.resolve();
  expect(await viewer.read(0, 100_000)).toEqual(swarm.film.slice(0, 100_000));
});

test('the only film of a link is fetched before its player has asked for it, from its beginning', async () => {
  swarm = await LocalSwarm.start(12_000_000, 64 * 1024, { name: 'film.mp4' });
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore(), { windowBytes: 1_000_000 });
  const begun = await viewer.until(({ files }) => (files?.[0]?.verifiedBytes ?? 0) > 0);
  expect(begun.files?.[0]).toMatchObject({ kind: 'video', selected: true });
  expect((await viewer.until(({ state }) => state.kind === 'complete')).totals.wastedBytes).toBe(0);
});

test('the film is read before its files are known', async () => {
  swarm = await LocalSwarm.start(1_000_000, 64 * 1024, { name: 'film.mp4' });
  const viewer = await swarm.join(createMemoryChunkStore());
  const opening = viewer.engine.openStream(unaskedOf(viewer), new AbortController().signal);
  await swarm.seed();
  const stream = await opening;
  expect(stream.fileLengthBytes).toBe(1_000_000);
  expect(await stream.read(1000)).toEqual(swarm.film.slice(0, 1000));
});

test('what the viewer has to choose is read by no player that has not asked for it', async () => {
  swarm = await LocalSwarm.start();
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore());
  await expect(viewer.engine.openStream(unaskedOf(viewer), new AbortController().signal)).rejects.toMatchObject({ code: 'bad-request' });
});

test('until the first picture is shown, only what it may need is fetched', async () => {
  swarm = await LocalSwarm.start(12_000_000, 64 * 1024, { name: 'film.mp4' });
  await swarm.seed();
  // The wait for a picture that never comes is as good as endless.
  const viewer = await swarm.join(createMemoryChunkStore(), {
    startWindowBytes: 300_000,
    startWideBytes: 1_000_000,
    startWideMs: 100,
    startMs: 3_600_000,
  });
  const reading = new AbortController();
  await viewer.engine.openStream({ sessionId: viewer.sessionId, fileIndex: 0, startBytes: 0 }, reading.signal);
  expect(await viewer.read(0, 900_000)).toEqual(swarm.film.slice(0, 900_000));
  const waiting = await viewer.until(({ files }) => (files?.[0]?.verifiedBytes ?? 0) > 1_000_000);
  expect(waiting.files?.[0]?.verifiedBytes).toBeLessThan(3_000_000);
  await viewer.calls.pictureShown({ sessionId: viewer.sessionId });
  expect((await viewer.until(({ state }) => state.kind === 'complete')).files?.[0]?.verifiedBytes).toBe(swarm.film.length);
});

test('the first picture is waited for with less at first: what is beyond comes only after a while, or with the picture', async () => {
  swarm = await LocalSwarm.start(12_000_000, 64 * 1024, { name: 'film.mp4' });
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore(), { startWindowBytes: 300_000, startWideMs: 3_600_000, startMs: 3_600_000 });
  const reading = new AbortController();
  await viewer.engine.openStream({ sessionId: viewer.sessionId, fileIndex: 0, startBytes: 0 }, reading.signal);
  expect(await viewer.read(0, 250_000)).toEqual(swarm.film.slice(0, 250_000));
  const waiting = await viewer.until(({ files }) => (files?.[0]?.verifiedBytes ?? 0) > 300_000);
  expect(waiting.files?.[0]?.verifiedBytes).toBeLessThan(2_000_000);
  await viewer.calls.pictureShown({ sessionId: viewer.sessionId });
  expect((await viewer.until(({ state }) => state.kind === 'complete')).files?.[0]?.verifiedBytes).toBe(swarm.film.length);
});

test('once nobody reads any more, nobody waits for the first picture either', async () => {
  swarm = await LocalSwarm.start(12_000_000, 64 * 1024, { name: 'film.mp4' });
  await swarm.seed();
  const viewer = await swarm.join(createMemoryChunkStore(), { startWindowBytes: 1_000_000, startMs: 3_600_000 });
  expect(await viewer.read(0, 900_000)).toEqual(swarm.film.slice(0, 900_000));
  expect((await viewer.until(({ state }) => state.kind === 'complete')).files?.[0]?.verifiedBytes).toBe(swarm.film.length);
});

test('a film is opened ahead of its page, which finds it under way', async () => {
  swarm = await LocalSwarm.start();
  await swarm.seed();
  const engine = createNodeEngine({ store: createMemoryChunkStore(), logger: silentLogger });
  engine.applySettings({ consented: true, signalingUrls: [swarm.server.url], iceServers: [], ...NATIVE_ONLY, allowLocalPeers: false });
  const sessionId = engine.openAhead(swarm.magnet);
  const openedAtMs = Date.now();
  const viewer = await openMember(engine, swarm.magnet);
  expect(viewer.sessionId).toBe(sessionId);
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  const { timeline, views } = await viewer.until(() => true);
  expect(timeline.opened).toBeLessThanOrEqual(openedAtMs);
  expect(views).toBe(1);
  await viewer.close();
});

test('a film opened ahead ends by itself when no page comes for it', async () => {
  swarm = await LocalSwarm.start();
  const engine = createNodeEngine({ store: createMemoryChunkStore(), logger: silentLogger, limits: { lingerMs: 50 } });
  engine.applySettings({ consented: true, signalingUrls: [], iceServers: [], ...NATIVE_ONLY, allowLocalPeers: false });
  const counts: number[] = [];
  const ended = Promise.withResolvers<void>();
  const calls = engine.connectClient(
    {
      snapshot({ sessions }) {
        counts.push(sessions.length);
        if (counts.includes(1) && sessions.length === 0) ended.resolve();
      },
    },
    new AbortController().signal,
  );
  await calls.watch({ kind: 'all' });
  expect(engine.openAhead(swarm.magnet)).toBe(swarm.info.infoHash);
  await calls.watch({ kind: 'all' });
  await ended.promise;
  expect(counts.at(-1)).toBe(0);
  await engine.close();
});

test('nothing is opened ahead, and no server is connected to, before consent; nor for what is no link', async () => {
  swarm = await LocalSwarm.start();
  const engine = createNodeEngine({ store: createMemoryChunkStore(), logger: silentLogger });
  engine.applySettings({ consented: false, signalingUrls: [swarm.server.url], iceServers: [], ...NATIVE_ONLY, allowLocalPeers: false });
  engine.warm();
  expect(engine.openAhead(swarm.magnet)).toBeUndefined();
  expect(swarm.server.counts().connections).toBe(0);
  engine.applySettings({ consented: true, signalingUrls: [swarm.server.url], iceServers: [], ...NATIVE_ONLY, allowLocalPeers: false });
  expect(engine.openAhead('magnet:?dn=nothing')).toBeUndefined();
  await engine.close();
});

test('a store that cannot be opened ends the film that was begun meanwhile', async () => {
  swarm = await LocalSwarm.start();
  await swarm.seed();
  const store = createMemoryChunkStore();
  const opening = Promise.withResolvers<never>();
  const viewer = await swarm.join({ ...delegate(store), open: () => opening.promise });
  await viewer.until(({ files }) => files !== undefined);
  opening.reject(new StoreError('full', 'no room'));
  expect((await viewer.until(({ state }) => state.kind === 'failed')).state).toMatchObject({ code: 'store-failed' });
});

function delegate(store: ReturnType<typeof createMemoryChunkStore>): ReturnType<typeof createMemoryChunkStore> {
  return {
    open: (info) => store.open(info),
    loadInfo: (infoHash) => store.loadInfo(infoHash),
    loadIndex: (infoHash) => store.loadIndex(infoHash),
    saveIndex: (infoHash, bytes) => store.saveIndex(infoHash, bytes),
    list: () => store.list(),
    remove: (infoHash) => store.remove(infoHash),
    close: () => store.close(),
  };
}

function unaskedOf({ sessionId }: Pick<Member, 'sessionId'>): StreamRequest {
  return { sessionId, fileIndex: 'unasked', startBytes: 0 };
}
