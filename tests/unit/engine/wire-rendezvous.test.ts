import { afterEach, expect, test, vi } from 'vitest';
import { randomBytes } from 'node:crypto';
import { silentLogger } from '@/src/base/logger';
import type { Dial } from '@/src/engine/dial';
import type { EngineOptions } from '@/src/engine/engine-options';
import { FailedDials } from '@/src/engine/failed-dials';
import { DEFAULT_LIMITS } from '@/src/engine/limits';
import { WireRendezvous } from '@/src/engine/wire-rendezvous';
import { createNodeConnection } from '@/src/host/node-rtc';
import { systemClock } from '@/src/host/system-clock';
import { randomOfferId, type OfferId, type PeerId } from '@/src/protocol/ids';
import { decodeWireSignal, encodeWireSignal, type WireSignal } from '@/src/protocol/wire-signals';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { peerIdOf } from './remote-end';

const OWN_ID = peerIdOf(5);
const SMALLER = peerIdOf(1);
const LARGER = peerIdOf(9);

let abort: AbortController;

afterEach(() => abort.abort());

/** One side of a wire; the test plays the other. */
function start(changes: { readonly wanted?: () => number; readonly isTaken?: (peer: PeerId) => boolean } = {}) {
  abort = new AbortController();
  const sent: WireSignal[] = [];
  const offences: string[] = [];
  const offered = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<void>();
  const engine: EngineOptions = {
    store: createMemoryChunkStore(),
    createConnection: createNodeConnection,
    createSignaling: () => {
      throw new Error('no server is asked');
    },
    clock: systemClock,
    random: () => 0,
    randomBytes: (lengthBytes) => new Uint8Array(randomBytes(lengthBytes)),
    sha1: async () => new Uint8Array(20),
    sha256: async () => new Uint8Array(32),
    logger: { ...silentLogger, debug: () => failed.resolve() },
  };
  const dials = new Map<OfferId, Dial>();
  const meeting = new WireRendezvous({
    engine,
    limits: DEFAULT_LIMITS,
    ownId: OWN_ID,
    dials,
    failedDials: new FailedDials(),
    signal: abort.signal,
    allowHost: true,
    rtcConfiguration: () => ({ iceServers: [] }),
    wanted: () => 5,
    isTaken: () => false,
    onLink: () => undefined,
    send: (message) => {
      const signal = decodeWireSignal(message);
      if (signal !== undefined) sent.push(signal);
      if (signal?.kind === 'offer') offered.resolve();
    },
    onOffence: (reason) => offences.push(reason),
    ...changes,
  });
  const hear = (signal: WireSignal): void => meeting.receive(encodeWireSignal(signal));
  return { meeting, sent, offences, dials, hear, offered: offered.promise, failed: failed.promise };
}

test('W3: greets at once, and not before the native swarm is wanted', () => {
  expect(start().sent).toEqual([{ kind: 'hello', peerId: OWN_ID }]);
  let room = 0;
  const later = start({ wanted: () => room });
  expect(later.sent).toEqual([]);
  room = 1;
  later.meeting.greet();
  later.meeting.greet();
  expect(later.sent).toEqual([{ kind: 'hello', peerId: OWN_ID }]);
});

test('W4: the smaller peer id offers, once', async () => {
  const { hear, offered, dials, meeting } = start();
  hear({ kind: 'hello', peerId: LARGER });
  meeting.greet();
  await offered;
  expect([...dials.values()].map(({ role, peer }) => [role, peer])).toEqual([['offerer', LARGER]]);
});

test('W4: the larger one waits, and an offer to the smaller is an offence', () => {
  const waiting = start();
  waiting.hear({ kind: 'hello', peerId: SMALLER });
  expect([waiting.dials.size, waiting.offences]).toEqual([0, []]);
  const offending = start();
  offending.hear({ kind: 'hello', peerId: LARGER });
  offending.hear({ kind: 'offer', offerId: randomOfferId((lengthBytes) => new Uint8Array(randomBytes(lengthBytes))), text: 'v=0' });
  expect(offending.offences).toEqual(['W4: an offer of the larger peer id']);
});

test('G3: a peer that is linked already is not dialled on the wire', () => {
  const { hear, dials } = start({ isTaken: (peer) => peer === LARGER });
  hear({ kind: 'hello', peerId: LARGER });
  expect(dials.size).toBe(0);
});

test('an offer that is no description costs its negotiation', async () => {
  const { hear, dials, offences, failed } = start();
  hear({ kind: 'hello', peerId: SMALLER });
  hear({ kind: 'offer', offerId: '11'.repeat(20) as OfferId, text: 'nonsense' });
  await failed;
  expect([dials.size, offences]).toEqual([0, []]);
});

test('G4: a peer whose offers lead nowhere is answered no more for a while', async () => {
  const { hear, dials, failed } = start();
  const answered: boolean[] = [];
  hear({ kind: 'hello', peerId: SMALLER });
  for (const byte of ['11', '22', '33']) {
    const offerId = byte.repeat(20) as OfferId;
    hear({ kind: 'offer', offerId, text: 'nonsense' });
    answered.push(dials.has(offerId));
    await failed;
    await vi.waitUntil(() => !dials.has(offerId));
  }
  expect(answered).toEqual([true, true, false]);
});

test('G4: half of the negotiations are kept for offers of our own', () => {
  const { hear, dials } = start();
  for (let index = 0; index < DEFAULT_LIMITS.negotiationsPerSession / 2; index++) {
    dials.set(
      randomOfferId((lengthBytes) => new Uint8Array(randomBytes(lengthBytes))),
      { role: 'answerer', end: () => undefined } as unknown as Dial,
    );
  }
  const before = dials.size;
  hear({ kind: 'hello', peerId: SMALLER });
  hear({ kind: 'offer', offerId: '11'.repeat(20) as OfferId, text: 'v=0' });
  expect(dials.size).toBe(before);
});

test.each([
  ['W2: malformed', ['nonsense']],
  ['W3: not a hello first', [JSON.stringify({ kind: 'answer', offerId: '11'.repeat(20), text: '' })]],
  ['W3: a second hello', [JSON.stringify({ kind: 'hello', peerId: SMALLER }), JSON.stringify({ kind: 'hello', peerId: SMALLER })]],
])('%s', (offence, messages) => {
  const { meeting, offences } = start();
  for (const message of messages) meeting.receive(new TextEncoder().encode(message));
  expect(offences).toEqual([offence]);
});
