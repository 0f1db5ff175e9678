import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { concatBytes, equalBytes } from '@/src/base/bytes';
import { createNodeConnection } from '@/src/host/node-rtc';
import { WholeNegotiation } from '@/src/transport/whole-negotiation';
import type { WireChannel } from '@/src/transport/wire-channel';
import { handshake, u32 } from '../unit/transport/wire-bytes';
import { ManualClock } from '../unit/engine/manual-clock';
import { leech, libraryClient, ownPeer, seed, startStockTracker, type LibraryTorrent } from './webtorrent-library';

const film = new Uint8Array(1_500_000).map((_, index) => (index * 2_654_435_761) >>> 13);
const randomPeerId = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(20))).toString('hex');
let tracker: Awaited<ReturnType<typeof startStockTracker>>;

beforeEach(async () => {
  tracker = await startStockTracker();
  return () => tracker.close();
});

async function expectFilm(torrent: LibraryTorrent): Promise<void> {
  const [file] = torrent.files;
  const bytes = new Uint8Array((await file?.arrayBuffer()) ?? new ArrayBuffer(0));
  expect(equalBytes(bytes, film)).toBe(true);
}

/** The library without a tracker of its own, behind our client. */
async function ownLeecher(infoHash: string): Promise<{ torrent: LibraryTorrent; peer: ReturnType<typeof ownPeer> }> {
  const client = libraryClient(false);
  const torrent = await leech(client, infoHash, []);
  return { torrent, peer: ownPeer(infoHash, client.peerId, tracker.url, (channel) => torrent.addPeer(channel)) };
}

function seederProgress(): { uploadedBytes: number; downloadedBytes: number; leftBytes: number } {
  return { uploadedBytes: 0, downloadedBytes: 0, leftBytes: 0 };
}

async function ownSeeder(): Promise<{ torrent: LibraryTorrent; peer: ReturnType<typeof ownPeer> }> {
  const client = libraryClient(false);
  const torrent = await seed(client, film, []);
  const peer = ownPeer(torrent.infoHash, client.peerId, tracker.url, (channel) => torrent.addPeer(channel), {
    progress: seederProgress,
  });
  await peer.status(({ state }) => state === 'connected');
  return { torrent, peer };
}

test('the library downloads through our channel from an unmodified peer', async () => {
  const stock = await seed(libraryClient(true), film, [tracker.url]);
  await once(stock, 'trackerAnnounce');
  const { torrent, peer } = await ownLeecher(stock.infoHash);
  await once(torrent, 'done');
  await expectFilm(torrent);
  expect(torrent.wires).toHaveLength(1);
  expect(peer.channels.at(-1)?.closeReason).toBeUndefined();
});

test('an unmodified peer downloads through our channel', async () => {
  const { torrent } = await ownSeeder();
  const stock = await leech(libraryClient(true), torrent.infoHash, [tracker.url]);
  await once(stock, 'done');
  await expectFilm(stock);
});

test('two of ours find each other, at once and once', async () => {
  const { torrent: seeding, peer: seeder } = await ownSeeder();
  const { torrent, peer } = await ownLeecher(seeding.infoHash);
  await once(torrent, 'done');
  await expectFilm(torrent);
  expect([seeder.channels.length, peer.channels.length]).toEqual([1, 1]);
  expect(await peer.channels[0]?.path()).toMatchObject({ kind: expect.stringMatching(/host|prflx/) });
  expect(peer.statuses.at(-1)).toMatchObject({ state: 'connected', seeders: 1, leechers: 1 });
});

test('two of ours that offer at the same moment keep one link, and it works', async () => {
  const seedingClient = libraryClient(false);
  const seeding = await seed(seedingClient, film, []);
  const client = libraryClient(false);
  const torrent = await leech(client, seeding.infoHash, []);
  // Both are known to the tracker before either offers anything: then every offer crosses another.
  let wanted = 0;
  const peers = [
    ownPeer(seeding.infoHash, seedingClient.peerId, tracker.url, (channel) => seeding.addPeer(channel), {
      wanted: () => wanted,
      limits: { minIntervalMs: 0 },
    }),
    ownPeer(seeding.infoHash, client.peerId, tracker.url, (channel) => torrent.addPeer(channel), {
      wanted: () => wanted,
      limits: { minIntervalMs: 0 },
    }),
  ];
  await Promise.all(peers.map((peer) => peer.status(({ state }) => state === 'connected')));
  wanted = 5;
  for (const peer of peers) peer.client.retry();
  await once(torrent, 'done');
  await expectFilm(torrent);
  expect(torrent.wires).toHaveLength(1);
});

test('a tracker that goes away and comes back is used again', async () => {
  const { torrent, peer } = await ownSeeder();
  const { port } = tracker;
  await tracker.close();
  await peer.status(({ state }) => state === 'unreachable');
  tracker = await startStockTracker(port);
  await peer.status(({ state }) => state === 'connected');
  const leecher = await ownLeecher(torrent.infoHash);
  await once(leecher.torrent, 'done');
  await expectFilm(leecher.torrent);
});

/** A STUN server that takes packets and never answers. */
async function silentStun(): Promise<{ iceServers: RTCIceServer[]; gotPacket: Promise<unknown> }> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return { iceServers: [{ urls: `stun:127.0.0.1:${socket.address().port}` }], gotPacket: once(socket, 'message') };
}

test('a STUN server that never answers costs the cap and no more', async () => {
  const { iceServers, gotPacket } = await silentStun();
  const clock = new ManualClock();
  const connection = createNodeConnection({ iceServers });
  const negotiation = new WholeNegotiation({
    asksServers: true,
    connection,
    clock,
    allowHost: true,
    gatherCapMs: 200,
    timeoutMs: 60_000,
    onOpen() {},
    onChannel() {},
    onFailed() {},
  });
  const waiting: string[] = [];
  const offer = negotiation.createOffer('label').then((sdp) => void waiting.push(sdp));
  await gotPacket;
  clock.advance(199);
  await new Promise((resolve) => setImmediate(resolve));
  expect(waiting).toEqual([]);
  clock.advance(1);
  await offer;
  expect(waiting[0]).toContain('typ host');
  negotiation.fail('enough');
});

test('with a STUN server that never answers, two of ours still connect', async () => {
  const { iceServers, gotPacket } = await silentStun();
  const { torrent } = await ownSeeder();
  const client = libraryClient(false);
  const leeching = await leech(client, torrent.infoHash, []);
  ownPeer(torrent.infoHash, client.peerId, tracker.url, (channel) => leeching.addPeer(channel), {
    rtcConfiguration: () => ({ iceServers }),
  });
  await once(leeching, 'done');
  await gotPacket;
  await expectFilm(leeching);
});

test.each([
  ['declares a message of 1 GiB', concatBytes(u32(2 ** 30), Uint8Array.of(20)), 'a message longer than any may be'],
  ['speaks another protocol', new Uint8Array(100), 'not BitTorrent'],
])('a peer that %s is gone and stays out', async (_what, bytes, reason) => {
  const { torrent, peer } = await ownSeeder();
  const hostileId = randomPeerId();
  const closed = new Promise<WireChannel>((resolve) => {
    ownPeer(torrent.infoHash, hostileId, tracker.url, (channel) => {
      channel.on('close', () => resolve(channel));
      if (bytes.length < 10) channel.write(handshake({ infoHash: torrent.infoHash, peerId: hostileId }));
      channel.write(bytes);
    });
  });
  await closed;
  expect(peer.channels.map(({ closeReason }) => closeReason)).toEqual([reason]);
  expect(torrent.wires).toEqual([]);
  expect(peer.admission.isBanned(peer.channels[0]?.fingerprint)).toBe(true);
});
