import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { silentLogger } from '@/src/base/logger';
import { Rendezvous } from '@/src/engine/rendezvous';
import { DEFAULT_LIMITS } from '@/src/engine/limits';
import type { Dial } from '@/src/engine/dial';
import { parseInfoHash, type InfoHash, type OfferId, type PeerId } from '@/src/protocol/ids';
import { ReplayGuard } from '@/src/protocol/replay-guard';
import { seal } from '@/src/protocol/seal';
import type { AnnounceRequest, RelayKind } from '@/src/protocol/signaling-events';
import { swarmIdOf } from '@/src/protocol/swarm-id';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import type { Negotiation, NegotiationOptions } from '@/src/transport/negotiation';
import type { SignalingClient, SignalingHandlers } from '@/src/transport/signaling-client';
import { ManualClock } from './manual-clock';

const freshBytes = (lengthBytes: number): Uint8Array => new Uint8Array(randomBytes(lengthBytes));
const INFO_HASH = parseInfoHash('a1'.repeat(20)) as InfoHash;
const [OWN, OTHER] = ['0a', '0b'].map((byte) => byte.repeat(20) as PeerId) as [PeerId, PeerId];

interface Meeting {
  readonly clock: ManualClock;
  readonly announces: AnnounceRequest[];
  readonly dials: Map<OfferId, Dial>;
  readonly failures: string[];
  readonly relayed: RelayKind[];
  /** The server passes this on. */
  hear(kind: RelayKind, offerId: OfferId, text: string, to?: PeerId): void;
  until(condition: () => boolean): Promise<void>;
  leave(): void;
}

/** One who announces to a server that passes each first offer to the other one, with negotiations that lead to nothing by themselves. */
function meet(negotiate: (options: NegotiationOptions, failures: string[]) => Negotiation = idleNegotiation): Meeting {
  const clock = new ManualClock();
  const announces: AnnounceRequest[] = [];
  const failures: string[] = [];
  const relayed: RelayKind[] = [];
  const dials = new Map<OfferId, Dial>();
  let handlers: SignalingHandlers | undefined;
  const life = new AbortController();
  onTestFinished(() => life.abort());
  const client: SignalingClient = {
    url: 'http://127.0.0.1:9',
    status: { kind: 'connected' },
    connect: () => undefined,
    announce: async (request) => {
      announces.push(request);
      const offer = request.skip?.includes(OTHER) === true ? undefined : request.offers?.[0];
      return { peers: offer === undefined ? [] : [{ peerId: OTHER, offerId: offer.offerId as OfferId }], intervalSeconds: 60 };
    },
    relay: async (kind) => void relayed.push(kind),
    leave: () => undefined,
    listen: (_swarm, listening) => void (handlers = listening),
  };
  void new Rendezvous({
    engine: {
      store: createMemoryChunkStore(),
      createConnection: () => {
        throw new Error('negotiations are made here');
      },
      createNegotiation: (options) => negotiate(options, failures),
      createSignaling: () => client,
      clock,
      random: () => 0.5,
      randomBytes: freshBytes,
      sha1: async () => new Uint8Array(20),
      sha256: async () => new Uint8Array(32),
      logger: silentLogger,
    },
    limits: DEFAULT_LIMITS,
    infoHash: INFO_HASH,
    swarmId: swarmIdOf(INFO_HASH),
    ownId: OWN,
    resumeToken: '0'.repeat(64),
    client,
    replayGuard: new ReplayGuard(() => clock.now()),
    signal: life.signal,
    rtcConfiguration: () => ({}),
    allowLocalPeers: false,
    dials,
    wanted: () => 5,
    isTaken: () => false,
    takenPeers: () => [],
    onLink: () => undefined,
    onStatus: () => undefined,
    onAsked: () => undefined,
  });
  return {
    clock,
    announces,
    dials,
    failures,
    relayed,
    hear(kind, offerId, text, to) {
      const swarmId = swarmIdOf(INFO_HASH);
      const context = { infoHash: INFO_HASH, swarmId, kind, from: OTHER, offerId, to };
      handlers?.onRelayed(kind, { from: OTHER, swarmId, offerId, sealed: seal(context, text, freshBytes) });
    },
    until: (condition) => expect.poll(condition).toBe(true),
    leave: () => life.abort(),
  };
}

function idleNegotiation(options: NegotiationOptions, failures: string[]): Negotiation {
  let isPending = true;
  return {
    get isPending() {
      return isPending;
    },
    createOffer: async () => 'offer',
    startGathering: async () => undefined,
    acceptOffer: async () => 'answer',
    acceptAnswer: async () => undefined,
    sendCandidates: () => undefined,
    acceptCandidates: async () => undefined,
    fail(reason) {
      if (!isPending) return;
      isPending = false;
      failures.push(reason);
      options.onFailed(reason);
    },
  };
}

test('who leaves while its offers are made announces nothing any more', async () => {
  const asked = Promise.withResolvers<void>();
  const made = Promise.withResolvers<string>();
  const meeting = meet((options, failures) => ({
    ...idleNegotiation(options, failures),
    createOffer: () => {
      asked.resolve();
      return made.promise;
    },
  }));
  await asked.promise;
  meeting.leave();
  made.resolve('offer');
  await new Promise((resolve) => setImmediate(resolve));
  expect(meeting.announces).toEqual([]);
});

test('G4: an offer that nobody answers ends after five seconds, and its taker is asked again', async () => {
  const meeting = meet();
  await meeting.until(() => [...meeting.dials.values()].some(({ peer }) => peer === OTHER));
  meeting.clock.advance(4999);
  expect(meeting.failures).not.toContain('no answer in time');
  meeting.clock.advance(1);
  expect(meeting.failures).toContain('no answer in time');
  const before = meeting.announces.length;
  meeting.clock.advance(1000);
  await meeting.until(() => meeting.announces.length > before);
  expect(meeting.announces.at(-1)?.skip).not.toContain(OTHER);
});

test('G4: one that was answered has all the time that a negotiation has', async () => {
  const meeting = meet();
  await meeting.until(() => [...meeting.dials.values()].some(({ peer }) => peer === OTHER));
  const dial = [...meeting.dials.values()].find(({ peer }) => peer === OTHER);
  meeting.hear('answer', dial?.offerId ?? ('' as OfferId), 'answer', OWN);
  await meeting.until(() => dial?.isAnswered === true);
  meeting.clock.advance(DEFAULT_LIMITS.negotiationTimeoutMs - 1);
  expect(meeting.failures).not.toContain('no answer in time');
  expect(dial?.negotiation.isPending).toBe(true);
});

test('G3: who offers anew has given up its earlier offer, unless both came at about the same time', async () => {
  const meeting = meet();
  await meeting.until(() => meeting.dials.size > 0);
  for (const dial of meeting.dials.values()) dial.end();
  const [first, soon, later] = ['11', '22', '33'].map((byte) => byte.repeat(20) as OfferId) as [OfferId, OfferId, OfferId];
  meeting.hear('offer', first, 'offer');
  await meeting.until(() => meeting.dials.has(first));
  meeting.clock.advance(2999);
  meeting.hear('offer', soon, 'offer');
  meeting.clock.advance(1);
  meeting.hear('offer', later, 'offer');
  await meeting.until(() => meeting.dials.has(later));
  expect([meeting.dials.has(first), meeting.dials.has(soon)]).toEqual([false, false]);
  expect(meeting.relayed.filter((kind) => kind === 'answer')).toHaveLength(2);
});

test('where the browser refuses every connection, the server hears an announce without offers: silence would last for good', async () => {
  const meeting = meet(() => {
    throw new DOMException('one of the ICE servers is no address', 'SyntaxError');
  });
  await meeting.until(() => meeting.announces.length > 0);
  expect(meeting.announces).toMatchObject([{ offers: [], want: 0 }]);
});
