import { expect, test } from 'vitest';
import { silentLogger } from '@/src/base/logger';
import { Rendezvous } from '@/src/engine/rendezvous';
import { DEFAULT_LIMITS } from '@/src/engine/limits';
import { parseInfoHash, randomPeerId, type InfoHash } from '@/src/protocol/ids';
import { ReplayGuard } from '@/src/protocol/replay-guard';
import type { AnnounceRequest } from '@/src/protocol/signaling-events';
import { swarmIdOf } from '@/src/protocol/swarm-id';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import type { SignalingClient } from '@/src/transport/signaling-client';
import { ManualClock } from './manual-clock';

const randomBytes = (lengthBytes: number): Uint8Array => new Uint8Array(lengthBytes).fill(7);

test('where the browser refuses every connection, the server hears an announce without offers: silence would last for good', async () => {
  const infoHash = parseInfoHash('a1'.repeat(20)) as InfoHash;
  const clock = new ManualClock();
  const life = new AbortController();
  const announces: AnnounceRequest[] = [];
  const heard = Promise.withResolvers<void>();
  const client: SignalingClient = {
    url: 'http://127.0.0.1:9',
    status: { kind: 'connected' },
    connect: () => undefined,
    announce: async (request) => {
      announces.push(request);
      heard.resolve();
      return { peers: [], intervalSeconds: 60 };
    },
    relay: async () => undefined,
    leave: () => undefined,
    listen: () => undefined,
  };
  const meeting = new Rendezvous({
    engine: {
      store: createMemoryChunkStore(),
      createConnection: () => {
        throw new DOMException('one of the ICE servers is no address', 'SyntaxError');
      },
      createSignaling: () => client,
      clock,
      random: () => 0,
      randomBytes,
      sha1: async () => new Uint8Array(20),
      sha256: async () => new Uint8Array(32),
      logger: silentLogger,
    },
    limits: DEFAULT_LIMITS,
    infoHash,
    swarmId: swarmIdOf(infoHash),
    ownId: randomPeerId(randomBytes),
    resumeToken: '0'.repeat(64),
    client,
    replayGuard: new ReplayGuard(() => clock.now()),
    signal: life.signal,
    rtcConfiguration: () => ({}),
    allowLocalPeers: false,
    dials: new Map(),
    wanted: () => 5,
    isTaken: () => false,
    takenPeers: () => [],
    onLink: () => undefined,
    onStatus: () => undefined,
    onAsked: () => undefined,
  });
  await heard.promise;
  expect(meeting.client).toBe(client);
  expect(announces).toMatchObject([{ offers: [], want: 0 }]);
  life.abort();
});
