import { expect, test } from 'vitest';
import { Choker } from '@/src/engine/choker';
import type { Peer } from '@/src/engine/peer';
import { ManualClock } from './manual-clock';
import { peerIdOf, RemoteEnd } from './remote-end';

const KIB = 1024;

/** Slots for two, unless the test says otherwise; everybody lacks something. */
class ChokerBench {
  readonly clock = new ManualClock();
  readonly told: string[] = [];
  readonly choker: Choker;
  isFetching = true;
  limitBytesPerSecond = 128 * KIB;
  lacking = true;
  readonly #names = new Map<Peer, string>();

  constructor() {
    this.choker = new Choker({
      clock: this.clock,
      limitBytesPerSecond: () => this.limitBytesPerSecond,
      sentBytesPerSecond: () => 0,
      isFetching: () => this.isFetching,
      lacks: () => this.lacking,
      isServing: () => false,
      choke: (peer) => void this.told.push(`choke ${this.#names.get(peer)}`),
      unchoke: (peer) => void this.told.push(`unchoke ${this.#names.get(peer)}`),
    });
  }

  peer(name: string): Peer {
    const { peer } = new RemoteEnd(peerIdOf(name.charCodeAt(0)));
    this.#names.set(peer, name);
    this.choker.add(peer);
    return peer;
  }

  gives(peer: Peer, bytes: number): void {
    peer.traffic.downloaded(bytes, this.clock.now());
  }

  /** Time goes by while these ask all along; who is choked is not heard. */
  pass(ms: number, ...asking: readonly Peer[]): string[] {
    this.told.length = 0;
    for (let passedMs = 0; passedMs < ms; passedMs += 500) {
      this.clock.advance(500);
      for (const peer of asking) this.choker.mayAsk(peer);
      this.choker.tick();
    }
    return this.told.splice(0);
  }
}

test('C1: everybody may ask until there are more than slots; then the one too many is told, after its time as a guest, and refused', () => {
  const bench = new ChokerBench();
  const [a, b, c] = [bench.peer('a'), bench.peer('b'), bench.peer('c')];
  expect([a, b, c].map((peer) => bench.choker.mayAsk(peer))).toEqual([true, true, true]);
  expect(bench.pass(9500, a, b, c)).toEqual([]);
  expect(bench.pass(500, a, b, c)).toEqual(['choke c']);
  expect(bench.choker.mayAsk(c)).toBe(false);
});

test('one newcomer too many is told at once', () => {
  const bench = new ChokerBench();
  const peers = ['a', 'b', 'c', 'd'].map((name) => bench.peer(name));
  expect(peers.map((peer) => bench.choker.mayAsk(peer))).toEqual([true, true, true, false]);
  expect(bench.told).toEqual(['choke d']);
});

test('whoever leaves makes room at once', () => {
  const { bench, a, c } = crowd();
  bench.choker.remove(a);
  expect(bench.told).toEqual(['unchoke c']);
  expect(bench.choker.mayAsk(c)).toBe(true);
});

test('givers are compared every ten seconds, and the others take turns of thirty', () => {
  const bench = new ChokerBench();
  const [giver, rider, other] = [bench.peer('g'), bench.peer('r'), bench.peer('o')];
  for (const peer of [rider, other, giver]) bench.choker.mayAsk(peer);
  bench.gives(giver, 1000);
  expect(bench.pass(9500, giver, rider, other)).toEqual([]);
  bench.gives(giver, 1000);
  expect(bench.pass(500, giver, rider, other)).toEqual(['choke o']);
  // What is left goes round: o has waited, r has had its thirty seconds.
  const turns: string[] = [];
  for (let round = 0; round < 3; round++) {
    bench.gives(giver, 1000);
    turns.push(...bench.pass(10_000, giver, rider, other));
  }
  expect(turns.toSorted()).toEqual(['choke r', 'unchoke o']);
});

test('whoever was unchoked and asks for nothing leaves its slot to others after ten seconds', () => {
  const { bench, b, c } = crowd();
  expect(bench.pass(20_000, b, c)).toEqual(['unchoke c']);
  expect(bench.choker.mayAsk(c)).toBe(true);
});

test('a higher limit gives slots at once, a lower one takes them at the next round', () => {
  const { bench, a, b, c } = crowd();
  bench.limitBytesPerSecond = 256 * KIB;
  expect(bench.pass(500, a, b, c)).toEqual(['unchoke c']);
  bench.limitBytesPerSecond = 128 * KIB;
  expect(bench.pass(5000, a, b, c)).toEqual([]);
  expect(bench.pass(5000, a, b, c)).toHaveLength(1);
});

test('who lacks nothing any more is not kept waiting', () => {
  const { bench, a, b, c } = crowd();
  bench.lacking = false;
  expect(bench.pass(10_000, a, b, c)).toEqual(['unchoke c']);
});

/** Two who are served and one who waits. */
function crowd() {
  const bench = new ChokerBench();
  const [a, b, c] = [bench.peer('a'), bench.peer('b'), bench.peer('c')];
  for (const peer of [a, b, c]) bench.choker.mayAsk(peer);
  expect(bench.pass(10_000, a, b, c)).toEqual(['choke c']);
  return { bench, a, b, c };
}
