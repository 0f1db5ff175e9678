import { expect, test } from 'vitest';
import { silentLogger } from '@/src/base/logger';
import { SpareOffers } from '@/src/engine/spare-offers';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import type { Negotiation, NegotiationOptions } from '@/src/transport/negotiation';
import { ManualClock } from './manual-clock';

const PUBLIC = [{ url: 'https://signaling.example' }];
const LOCAL = [{ url: 'http://127.0.0.1:3000' }];
const ASKED = { allowLocalPeers: false };
const STUN: RTCConfiguration = { iceServers: [{ urls: 'stun:stun.example.org' }] };

interface Made extends Negotiation {
  readonly options: NegotiationOptions;
  offers: number;
}

function bench(): { spares: SpareOffers; made: Made[]; clock: ManualClock; owner: NegotiationOptions; heard: string[] } {
  const clock = new ManualClock();
  const made: Made[] = [];
  const heard: string[] = [];
  const spares = new SpareOffers({
    store: createMemoryChunkStore(),
    createConnection: () => {
      throw new Error('negotiations are made here');
    },
    createNegotiation: (options) => {
      const negotiation = negotiationOf(options);
      made.push(negotiation);
      return negotiation;
    },
    createSignaling: () => {
      throw new Error('no server is asked');
    },
    clock,
    random: () => 0.5,
    randomBytes: (lengthBytes) => new Uint8Array(lengthBytes),
    sha1: async () => new Uint8Array(20),
    sha256: async () => new Uint8Array(32),
    logger: silentLogger,
  });
  const owner: NegotiationOptions = {
    clock,
    allowHost: false,
    onLink: () => undefined,
    onFailed: (reason) => void heard.push(`failed: ${reason}`),
    onCandidates: (batch) => void heard.push(batch),
  };
  return { spares, made, clock, owner, heard };
}

function negotiationOf(options: NegotiationOptions): Made {
  let isPending = true;
  return {
    options,
    offers: 0,
    get isPending() {
      return isPending;
    },
    createOffer() {
      this.offers++;
      return Promise.resolve('offer');
    },
    startGathering: () => Promise.reject(new Error('nobody was found yet')),
    acceptOffer: () => Promise.reject(new Error('it offers')),
    acceptAnswer: () => Promise.reject(new Error('it was not sent')),
    sendCandidates: () => undefined,
    acceptCandidates: () => Promise.resolve(),
    fail(reason) {
      isPending = false;
      options.onFailed(reason);
    },
  };
}

test('what the first announce offers is made ahead, and whoever takes one hears of it from then on', () => {
  const { spares, made, owner, heard } = bench();
  spares.prepare(PUBLIC, ASKED, STUN);
  expect(made.map(({ offers }) => offers)).toEqual([1, 1]);
  expect(spares.take(STUN, owner)).toBe(made[0]);
  made[0]?.options.onCandidates('batch');
  made[0]?.fail('no path');
  expect(heard).toEqual(['batch', 'failed: no path']);
  expect(spares.take(STUN, owner)).toBe(made[1]);
  expect(spares.take(STUN, owner), 'there were two').toBeUndefined();
});

test('one is taken only for the servers it was made with, and what may be said of this machine', () => {
  const { spares, made, owner } = bench();
  spares.prepare(PUBLIC, ASKED, STUN);
  expect(spares.take({ ...STUN, iceTransportPolicy: 'relay' }, owner)).toBeUndefined();
  expect(spares.take(STUN, { ...owner, allowHost: true })).toBeUndefined();
  spares.prepare(LOCAL, ASKED, STUN);
  expect(spares.take(STUN, owner), 'those were let go of').toBeUndefined();
  expect(spares.take(STUN, { ...owner, allowHost: true })).toBe(made[2]);
  spares.prepare(PUBLIC, { allowLocalPeers: true }, STUN);
  expect(spares.take(STUN, { ...owner, allowHost: true })).toBe(made[3]);
});

test('a press that becomes no click leaves nothing behind', () => {
  const { spares, made, clock, owner, heard } = bench();
  spares.prepare(PUBLIC, ASKED, STUN);
  clock.advance(9_999);
  spares.prepare(PUBLIC, ASKED, STUN);
  expect(made, 'a second press needs no more').toHaveLength(2);
  clock.advance(9_999);
  expect(made.every(({ isPending }) => isPending)).toBe(true);
  clock.advance(1);
  expect(made.some(({ isPending }) => isPending)).toBe(false);
  expect([spares.take(STUN, owner), heard]).toEqual([undefined, []]);
});

test('one that fails before it is needed is not given out', () => {
  const { spares, made, owner } = bench();
  spares.prepare(PUBLIC, ASKED, STUN);
  made[0]?.fail('the browser ended it');
  expect(spares.take(STUN, owner)).toBe(made[1]);
});

test('without a server there is one, so that the browser has its WebRTC ready', () => {
  const { spares, made } = bench();
  spares.prepare([], ASKED, STUN);
  expect(made).toHaveLength(1);
  spares.close();
  expect(made[0]?.isPending).toBe(false);
});
