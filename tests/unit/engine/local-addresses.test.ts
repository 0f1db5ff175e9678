import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { silentLogger } from '@/src/base/logger';
import { Rendezvous } from '@/src/engine/rendezvous';
import { DEFAULT_LIMITS } from '@/src/engine/limits';
import { createNodeConnection } from '@/src/host/node-rtc';
import { randomPeerId, type InfoHash, type OfferId, type PeerId } from '@/src/protocol/ids';
import { ReplayGuard } from '@/src/protocol/replay-guard';
import { open } from '@/src/protocol/seal';
import type { RelayKind } from '@/src/protocol/signaling-events';
import { swarmIdOf } from '@/src/protocol/swarm-id';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import type { SignalingClient } from '@/src/transport/signaling-client';
import { ManualClock } from './manual-clock';

/** What a real connection's own addresses come to at the servers of a real rendezvous, unsealed as every holder of the link could. */

const random = (lengthBytes: number): Uint8Array => new Uint8Array(randomBytes(lengthBytes));
const INFO_HASH = 'a1'.repeat(20) as InfoHash;
const SWARM_ID = swarmIdOf(INFO_HASH);

/** Everything one peer is told through the server at this address: the offer, and the candidates once all are gathered. */
async function toldThrough(url: string, allowLocalPeers: boolean): Promise<string> {
  const clock = new ManualClock();
  const life = new AbortController();
  onTestFinished(() => life.abort());
  const [ownId, other] = [randomPeerId(random), randomPeerId(random)];
  const told: string[] = [];
  const aimed = Promise.withResolvers<void>();
  const gathered = Promise.withResolvers<void>();
  let wanted = 1;
  const unseal = (kind: RelayKind, offerId: OfferId, sealed: string, to?: PeerId): void => {
    const text = open({ infoHash: INFO_HASH, swarmId: SWARM_ID, kind, from: ownId, offerId, to }, sealed, new ReplayGuard(() => 0));
    expect(text).toBeDefined();
    told.push(text ?? '');
  };
  const client: SignalingClient = {
    url,
    status: { kind: 'connected' },
    connect: () => undefined,
    announce: async ({ offers = [] }) => {
      wanted = 0;
      const taken = offers.map(({ offerId, sealed }) => ({ offerId: offerId as OfferId, sealed }));
      for (const { offerId, sealed } of taken) unseal('offer', offerId, sealed);
      aimed.resolve();
      return { peers: taken.map(({ offerId }) => ({ peerId: other, offerId })), intervalSeconds: 60 };
    },
    relay: async (kind, { offerId, sealed }) => unseal(kind, offerId, sealed, other),
    leave: () => undefined,
    listen: () => undefined,
  };
  const meeting = new Rendezvous({
    engine: {
      store: createMemoryChunkStore(),
      createConnection: (configuration) => {
        const connection = createNodeConnection(configuration);
        connection.addEventListener('icegatheringstatechange', () => {
          if (connection.iceGatheringState === 'complete') gathered.resolve();
        });
        return connection;
      },
      createSignaling: () => client,
      clock,
      random: () => 0,
      randomBytes: random,
      sha1: async () => new Uint8Array(20),
      sha256: async () => new Uint8Array(32),
      logger: silentLogger,
    },
    limits: DEFAULT_LIMITS,
    infoHash: INFO_HASH,
    swarmId: SWARM_ID,
    ownId,
    resumeToken: '0'.repeat(64),
    client,
    replayGuard: new ReplayGuard(() => 0),
    signal: life.signal,
    rtcConfiguration: () => ({}),
    allowLocalPeers,
    dials: new Map(),
    wanted: () => wanted,
    isTaken: () => false,
    takenPeers: () => [],
    onLink: () => undefined,
    onStatus: () => undefined,
    onAsked: () => undefined,
  });
  expect(meeting.client).toBe(client);
  await Promise.all([aimed.promise, gathered.promise]);
  // What is ready to be sent waits for the clock, by now.
  await setImmediate();
  clock.advance(5000);
  return told.join('\n');
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ internal }) => !internal).map(({ address }) => address),
  );
}

test.each([
  ['https://signal.example.org', true],
  ['http://127.0.0.1:8787', false],
  ['http://192.168.1.20:8787', false],
])('G6: through %s, with local peers allowed: %s, our own addresses go out', async (url, allowLocalPeers) => {
  const told = await toldThrough(url, allowLocalPeers);
  expect(told).toContain('m=application');
  expect(told).toContain('typ host');
  expect(ownAddresses().filter((address) => told.includes(address)).length).toBeGreaterThan(0);
});

test.each(['https://signal.example.org', 'http://8.8.8.8:8787'])(
  'G6: through %s, as in a fresh install, none of them does',
  async (url) => {
    const told = await toldThrough(url, false);
    expect(told).toContain('m=application');
    expect(told).not.toContain('typ host');
    expect(ownAddresses().filter((address) => told.includes(address))).toEqual([]);
  },
);
