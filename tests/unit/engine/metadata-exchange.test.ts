import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { toHex, type Bytes } from '@/src/base/bytes';
import { MetadataExchange } from '@/src/engine/metadata-exchange';
import type { InfoHash, PeerId } from '@/src/protocol/ids';
import { METADATA_PART_BYTES } from '@/src/protocol/peer-messages';
import { ManualClock } from './manual-clock';
import { peerIdOf, RemoteEnd } from './remote-end';

const STALLED_MS = 5000;

function sha1(bytes: Uint8Array): Uint8Array {
  return createHash('sha1').update(bytes).digest();
}

/** A dictionary of ten parts, the last shorter; nothing here looks inside of it. */
const DICTIONARY: Bytes = new Uint8Array(9 * METADATA_PART_BYTES + 77).map((_, index) => index * 7);

class Bench {
  readonly clock = new ManualClock();
  readonly verified: Bytes[] = [];
  readonly exchange: MetadataExchange;
  #wake = Promise.withResolvers<void>();

  constructor(dictionary: Uint8Array = DICTIONARY) {
    this.exchange = new MetadataExchange({
      infoHash: toHex(sha1(dictionary)) as InfoHash,
      clock: this.clock,
      engine: { sha1: async (bytes) => sha1(bytes), sha256: async (bytes) => createHash('sha256').update(bytes).digest() },
      onVerified: (infoBytes) => {
        this.verified.push(infoBytes);
        this.#woken();
      },
    });
  }

  /** A linked peer, wired as a swarm does it. */
  peer(byte: number, metadataBytes = DICTIONARY.length): RemoteEnd {
    const { exchange } = this;
    const id: PeerId = peerIdOf(byte);
    return new RemoteEnd(id, {
      onReady: (peer) => exchange.addPeer(peer),
      onMetadata: (peer, message) => exchange.receive(peer, message),
      onGone: (peer) => {
        exchange.removePeer(peer);
        this.#woken();
      },
    })
      .start()
      .hello(metadataBytes);
  }

  /** Until hashing is done with. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.#wake.promise;
  }

  #woken(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}

function partsAsked(remote: RemoteEnd): number[] {
  return remote.take('metadata-request').map(({ part }) => part);
}

function answer(remote: RemoteEnd, parts: readonly number[], dictionary: Bytes = DICTIONARY): void {
  for (const part of parts) {
    const payload = dictionary.slice(part * METADATA_PART_BYTES, (part + 1) * METADATA_PART_BYTES);
    remote.send({ type: 'metadata-data', part, payload });
  }
}

describe('M1: fetching', () => {
  test('the parts are asked for, put together in any order, and verified', async () => {
    const bench = new Bench();
    const remote = bench.peer(1);
    const parts = partsAsked(remote);
    expect(parts).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    answer(remote, parts.toReversed());
    await bench.until(() => bench.verified.length > 0);
    expect(bench.verified).toEqual([DICTIONARY]);
    expect(remote.gone).toBeUndefined();
  });

  test('of a large dictionary only sixteen parts are asked for at a time', async () => {
    const large = new Uint8Array(40 * METADATA_PART_BYTES).fill(5);
    const bench = new Bench(large);
    const remote = bench.peer(1, large.length);
    const first = partsAsked(remote);
    expect(first).toHaveLength(16);
    answer(remote, first.slice(0, 4), large);
    const next = partsAsked(remote);
    expect(next).toEqual([16, 17, 18, 19]);
    for (let parts = [...first.slice(4), ...next]; parts.length > 0; parts = partsAsked(remote)) answer(remote, parts, large);
    await bench.until(() => bench.verified.length > 0);
    expect(bench.verified).toEqual([large]);
  });

  test('a peer that does not know the metadata is asked once it does', () => {
    const bench = new Bench();
    const remote = bench.peer(1, 0);
    expect(partsAsked(remote)).toEqual([]);
    remote.send({ type: 'metadata-size', metadataBytes: DICTIONARY.length });
    expect(partsAsked(remote)).toHaveLength(10);
  });

  test.each([
    ['a part nobody asked for', (remote: RemoteEnd) => answer(remote, [10], new Uint8Array(12 * METADATA_PART_BYTES))],
    ['a part twice', (remote: RemoteEnd) => answer(remote, [0, 0])],
    ['a part that is too short', (remote: RemoteEnd) => answer(remote, [0], new Uint8Array(METADATA_PART_BYTES - 1))],
    ['a last part that is too long', (remote: RemoteEnd) => answer(remote, [9], new Uint8Array(10 * METADATA_PART_BYTES))],
    ['a reject of what was not asked for', (remote: RemoteEnd) => remote.send({ type: 'metadata-reject', part: 10 })],
  ])('%s: drop', (_, offend) => {
    const remote = new Bench().peer(1);
    offend(remote);
    expect(remote.gone).toMatchObject({ reason: expect.stringMatching(/^M1/), blamed: true });
  });

  test('metadata from a peer that was asked for none: drop, before and after the dictionary is known', async () => {
    const bench = new Bench();
    const [asked, other] = [bench.peer(1), bench.peer(2)];
    answer(other, [0]);
    expect(other.gone).toMatchObject({ reason: expect.stringMatching(/^M1/), blamed: true });
    answer(asked, partsAsked(asked));
    await bench.until(() => bench.verified.length > 0);
    const late = bench.peer(3);
    answer(late, [0]);
    expect(late.gone).toMatchObject({ reason: expect.stringMatching(/^M1/), blamed: true });
  });
});

describe('M2: what does not verify', () => {
  test('is thrown away, its sender dropped, and another peer asked', async () => {
    const bench = new Bench();
    const [liar, honest] = [bench.peer(1), bench.peer(2)];
    expect(partsAsked(honest)).toEqual([]);
    answer(liar, partsAsked(liar), new Uint8Array(DICTIONARY.length));
    await bench.until(() => liar.gone !== undefined);
    expect(liar.gone).toMatchObject({ reason: expect.stringMatching(/^M2/), blamed: true });
    expect(bench.verified).toEqual([]);
    answer(honest, partsAsked(honest));
    await bench.until(() => bench.verified.length > 0);
    expect(bench.verified).toEqual([DICTIONARY]);
  });

  test('is a dictionary of another size, too', async () => {
    const bench = new Bench();
    const liar = bench.peer(1, 100);
    expect(partsAsked(liar)).toEqual([0]);
    answer(liar, [0], DICTIONARY.slice(0, 100));
    await bench.until(() => liar.gone !== undefined);
    expect(liar.gone).toMatchObject({ blamed: true });
  });
});

describe('peers that do not answer', () => {
  test('are covered by a second one, and whoever is first wins', async () => {
    const bench = new Bench();
    const [silent, second] = [bench.peer(1), bench.peer(2)];
    const owed = partsAsked(silent);
    bench.clock.advance(STALLED_MS - 1);
    expect(partsAsked(second)).toEqual([]);
    bench.clock.advance(1);
    answer(second, partsAsked(second));
    await bench.until(() => bench.verified.length > 0);
    // What the first one sends now was asked for: it is no offence.
    answer(silent, owed);
    expect(silent.gone).toBeUndefined();
    expect(bench.verified).toEqual([DICTIONARY]);
  });

  test('are covered by one that comes later, too', () => {
    const bench = new Bench();
    bench.peer(1);
    bench.clock.advance(STALLED_MS);
    expect(partsAsked(bench.peer(2))).toHaveLength(10);
  });

  test('cannot keep a third one from being asked', () => {
    const bench = new Bench();
    const remotes = [bench.peer(1), bench.peer(2), bench.peer(3)];
    bench.clock.advance(STALLED_MS);
    bench.clock.advance(STALLED_MS);
    expect(remotes.map((remote) => partsAsked(remote).length)).toEqual([10, 10, 10]);
  });

  test('may still answer when their turn comes again', async () => {
    const bench = new Bench();
    const slow = bench.peer(1);
    for (const byte of [2, 3, 4]) bench.peer(byte);
    for (let turn = 0; turn < 5; turn++) bench.clock.advance(STALLED_MS);
    answer(slow, partsAsked(slow));
    await bench.until(() => bench.verified.length > 0);
    expect(slow.gone).toBeUndefined();
  });

  test('cannot keep others from being asked by a part now and then', () => {
    const bench = new Bench();
    const [dripping, other] = [bench.peer(1), bench.peer(2)];
    for (const part of partsAsked(dripping).slice(0, 5)) {
      bench.clock.advance(STALLED_MS - 1000);
      answer(dripping, [part]);
    }
    expect(partsAsked(other)).toHaveLength(10);
  });

  test('make way at once when they leave', () => {
    const bench = new Bench();
    const [first, second] = [bench.peer(1), bench.peer(2)];
    first.link.close('bye');
    expect(partsAsked(second)).toHaveLength(10);
  });
});

describe('M4: peers that cannot serve', () => {
  test('are asked no more, without blame for the rejects that follow, and another is asked', () => {
    const bench = new Bench();
    const [first, second] = [bench.peer(1), bench.peer(2)];
    for (const part of partsAsked(first)) first.send({ type: 'metadata-reject', part });
    expect(first.gone).toBeUndefined();
    expect(partsAsked(first)).toEqual([]);
    expect(partsAsked(second)).toHaveLength(10);
  });

  test('may have sent some of the parts before', () => {
    const bench = new Bench();
    const remote = bench.peer(1);
    const [first = 0, second = 0, third = 0] = partsAsked(remote);
    answer(remote, [first]);
    remote.send({ type: 'metadata-reject', part: second });
    answer(remote, [third]);
    expect(remote.gone).toBeUndefined();
  });

  test('are we, as long as the dictionary is not known, and for parts that are not there', () => {
    const bench = new Bench();
    const remote = bench.peer(1, 0).send({ type: 'metadata-request', part: 0 });
    expect(remote.take('metadata-reject')).toEqual([{ type: 'metadata-reject', part: 0 }]);
    bench.exchange.settle(DICTIONARY);
    remote.send({ type: 'metadata-request', part: 10 });
    expect(remote.take('metadata-reject')).toEqual([{ type: 'metadata-reject', part: 10 }]);
  });
});

describe('M1: serving', () => {
  test('parts are served from the dictionary, the last one shorter', () => {
    const bench = new Bench();
    bench.exchange.settle(DICTIONARY);
    const remote = bench.peer(1, 0);
    for (const part of [9, 0]) remote.send({ type: 'metadata-request', part });
    expect(remote.take('metadata-data')).toEqual([
      { type: 'metadata-data', part: 9, payload: DICTIONARY.subarray(9 * METADATA_PART_BYTES) },
      { type: 'metadata-data', part: 0, payload: DICTIONARY.subarray(0, METADATA_PART_BYTES) },
    ]);
  });

  test('a peer that asks for the whole dictionary over and over: drop', () => {
    const bench = new Bench();
    bench.exchange.settle(DICTIONARY);
    const remote = bench.peer(1, 0);
    for (let part = 0; part < 30; part++) remote.send({ type: 'metadata-request', part: part % 10 });
    expect(remote.gone).toBeUndefined();
    remote.send({ type: 'metadata-request', part: 0 });
    expect(remote.gone).toMatchObject({ blamed: true });
  });

  test('nobody is asked once the dictionary is known', () => {
    const bench = new Bench();
    bench.exchange.settle(DICTIONARY);
    expect(partsAsked(bench.peer(1))).toEqual([]);
    bench.clock.advance(10 * STALLED_MS);
    expect(partsAsked(bench.peer(2))).toEqual([]);
  });
});
