import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import type { EngineSettings, SessionSnapshot } from '@/src/protocol/engine-api';
import { parseOfferId, parsePeerId, randomOfferId, randomPeerId } from '@/src/protocol/ids';
import { ReplayGuard } from '@/src/protocol/replay-guard';
import { open } from '@/src/protocol/seal';
import { swarmIdOf } from '@/src/protocol/swarm-id';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { fromBinaryText, toBinaryText } from '@/src/transport/tracker-messages';
import { LocalSwarm } from '@/tests/support/local-swarm';
import { TrackerSwarm } from '@/tests/support/tracker-swarm';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';

/** No WebTorrent: where there is no signaling server either, the tracker carries the native swarm, and nothing else leads anywhere. */
const THROUGH_TRACKER: Partial<EngineSettings> = { defaultMode: 'webrtc', swarmThroughTrackers: true };

async function startSwarm(...parameters: Parameters<typeof TrackerSwarm.start>): Promise<TrackerSwarm> {
  const swarm = await TrackerSwarm.start(...parameters);
  onTestFinished(() => swarm.close());
  return swarm;
}

interface TrackerAnnounceText {
  readonly info_hash: string;
  readonly peer_id: string;
  readonly offers: readonly { readonly offer_id: string; readonly offer: { readonly sdp: string } }[];
}

function isLinked({ peers }: SessionSnapshot): boolean {
  return peers.some(({ state }) => state === 'connected');
}

function isLinkedTwice({ peers }: SessionSnapshot): boolean {
  return peers.filter(({ state }) => state === 'connected').length === 2;
}

test.each(['v1', 'v2', 'hybrid'] as const)('T1: two viewers of a %s torrent meet at a plain tracker', async (kind) => {
  const swarm = await startSwarm(300_000, 64 * 1024, kind);
  await swarm.seed(THROUGH_TRACKER);
  const viewer = await swarm.join(createMemoryChunkStore(), THROUGH_TRACKER);
  const { peers, sources, signaling } = await viewer.until((session) => isLinked(session) && session.files !== undefined);
  expect(peers.map(({ source }) => source)).toEqual(['native']);
  expect(sources.find(({ name }) => name === 'webtorrent')?.state).toBe('off');
  expect(signaling).toMatchObject([{ url: swarm.trackerUrl, state: 'connected', tracker: {} }]);
});

test('T1: the tracker learns the swarm id, and a film comes from whom it introduced', async () => {
  const swarm = await startSwarm();
  await swarm.seed(THROUGH_TRACKER);
  const viewer = await swarm.join(createMemoryChunkStore(), THROUGH_TRACKER);
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  expect(Object.keys(swarm.tracker.server.torrents)).toEqual([swarmIdOf(swarm.info.infoHash)]);
});

test('three viewers become a mesh, each linked to each once', async () => {
  const swarm = await startSwarm();
  const first = await swarm.seed(THROUGH_TRACKER);
  const others = [await swarm.join(createMemoryChunkStore(), THROUGH_TRACKER), await swarm.join(createMemoryChunkStore(), THROUGH_TRACKER)];
  for (const member of [first, ...others]) {
    const { peers } = await member.until(isLinkedTwice);
    expect(new Set(peers.map(({ id }) => id)).size).toBe(2);
  }
});

test('a peer that was met through a signaling server is not linked once more', async () => {
  const swarm = await startSwarm();
  const native = await LocalSwarm.start();
  onTestFinished(() => native.close());
  const both = { ...THROUGH_TRACKER, signalingUrls: [native.server.url] };
  const seeder = await swarm.seed(both);
  const viewer = await swarm.join(createMemoryChunkStore(), both);
  // Both have asked the tracker, and it has introduced them.
  const met = ({ signaling, ...session }: SessionSnapshot): boolean =>
    isLinked({ signaling, ...session }) && signaling.some(({ tracker }) => tracker?.members === 2);
  await Promise.race([seeder.until(met), viewer.until(met)]);
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  const { peers } = await viewer.until(isLinked);
  expect(peers).toHaveLength(1);
});

test.each([{ swarmThroughTrackers: false }, { trackers: [] }, { consented: false }])(
  'with %j no tracker is told of the swarm',
  async (off) => {
    const swarm = await startSwarm();
    const native = await LocalSwarm.start();
    onTestFinished(() => native.close());
    const { consented, ...settings } = { consented: true, ...off };
    const member = await swarm.join(createMemoryChunkStore(), { ...THROUGH_TRACKER, ...settings, signalingUrls: [native.server.url] });
    if (!consented)
      member.engine.applySettings({
        consented,
        signalingUrls: [],
        iceServers: [],
        defaultMode: 'webrtc',
        trackers: [],
        allowLocalPeers: true,
      });
    await native.seed();
    if (consented) expect(await member.read(0, 100)).toEqual(native.film.slice(0, 100));
    expect(Object.keys(swarm.tracker.server.torrents)).toEqual([]);
  },
);

test('where the tracker is gone, the reason says so', async () => {
  const swarm = await startSwarm();
  await swarm.tracker.close();
  const viewer = await swarm.join(createMemoryChunkStore(), THROUGH_TRACKER);
  const { signaling } = await viewer.until((session) => session.signaling.some(({ state }) => state === 'unreachable'));
  expect(signaling[0]?.reason?.name).toBe('unreachable');
});

test('T2, T3, T4: an announce carries three sealed offers, each with its candidates', async () => {
  const swarm = await startSwarm();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  onTestFinished(() => server.close());
  const announced = Promise.withResolvers<TrackerAnnounceText>();
  server.on('connection', (socket) => socket.on('message', (data: Buffer) => announced.resolve(JSON.parse(data.toString()))));
  await swarm.join(createMemoryChunkStore(), {
    ...THROUGH_TRACKER,
    trackers: [`ws://127.0.0.1:${(server.address() as AddressInfo).port}`],
  });
  const { info_hash, peer_id, offers } = await announced.promise;
  const swarmId = swarmIdOf(swarm.info.infoHash);
  expect(fromBinaryText(info_hash)).toBe(swarmId);
  expect(offers).toHaveLength(3);
  for (const { offer_id, offer } of offers) {
    const context = {
      infoHash: swarm.info.infoHash,
      swarmId,
      kind: 'offer' as const,
      from: parsePeerId(fromBinaryText(peer_id) ?? '') ?? randomPeerId(randomBytes),
      offerId: parseOfferId(fromBinaryText(offer_id) ?? '') ?? randomOfferId(randomBytes),
      to: undefined,
    };
    const opened: unknown = JSON.parse(open(context, offer.sdp, new ReplayGuard(() => 0)) ?? 'null');
    expect(opened).toEqual({
      sdp: expect.stringMatching(/^v=0/),
      candidates: expect.arrayContaining([expect.stringContaining('candidate:')]),
    });
  }
});

test('a tracker that passes on rubbish links nobody, and the viewer still meets others', async () => {
  const swarm = await startSwarm();
  const swarmId = swarmIdOf(swarm.info.infoHash);
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  onTestFinished(() => server.close());
  const answered = Promise.withResolvers<void>();
  server.on('connection', (socket: WebSocket) => {
    socket.on('message', () => {
      const ids = { action: 'announce', info_hash: toBinaryText(swarmId), peer_id: toBinaryText(randomPeerId(randomBytes)) };
      const offer_id = toBinaryText(randomBytes(20).toString('hex'));
      for (const sdp of ['', 'v=0', 'A'.repeat(60_000), '!'])
        socket.send(JSON.stringify({ ...ids, offer_id, offer: { type: 'offer', sdp } }));
      socket.send(JSON.stringify({ ...ids, offer_id, answer: { type: 'answer', sdp: 'A'.repeat(100) } }));
      socket.send('[null]');
      socket.send(JSON.stringify({ ...ids, interval: 1e9, complete: -1, incomplete: 5 }));
      answered.resolve();
    });
  });
  const hostile = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await swarm.seed(THROUGH_TRACKER);
  const viewer = await swarm.join(createMemoryChunkStore(), { ...THROUGH_TRACKER, trackers: [hostile, swarm.trackerUrl] });
  await answered.promise;
  expect(await viewer.read(0, swarm.film.length)).toEqual(swarm.film);
  expect((await viewer.until(isLinked)).peers).toHaveLength(1);
});
