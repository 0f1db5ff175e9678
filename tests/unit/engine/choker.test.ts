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

test('C1: everybody may ask until there are more than slots; then the one too many is told, and refused', () => {
  const bench = new ChokerBench();
  const [a, b, c] = [bench.peer('a'), bench.peer('b'), bench.peer('c')];
  expect([bench.choker.mayAsk(a), bench.choker.mayAsk(b)]).toEqual([true, true]);
  expect(bench.told).toEqual([]);
  expect(bench.choker.mayAsk(c)).toBe(false);
  expect(bench.told).toEqual(['choke c']);
});

test('whoever leaves makes room at once', () => {
  const bench = new ChokerBench();
  const [a, b, c] = [bench.peer('a'), bench.peer('b'), bench.peer('c')];
  for (const peer of [a, b, c]) bench.choker.mayAsk(peer);
  bench.told.length = 0;
  bench.choker.remove(a);
  expect(bench.told).toEqual(['unchoke c']);
  expect(bench.choker.mayAsk(c)).toBe(true);
});

test('givers are compared every ten seconds, and the others take turns of thirty', () => {
  const bench = new ChokerBench();
  const [giver, rider, other] = [bench.peer('g'), bench.peer('r'), bench.peer('o')];
  for (const peer of [rider, other]) bench.choker.mayAsk(peer);
  expect(bench.choker.mayAsk(giver)).toBe(false);
  bench.gives(giver, 1000);
  expect(bench.pass(9500, rider, other)).toEqual([]);
  bench.gives(giver, 1000);
  expect(bench.pass(500, rider, other).sort()).toEqual(['choke o', 'unchoke g']);
  // What is left goes round: o has waited, r has had its thirty seconds.
  bench.gives(giver, 1000);
  const turns = bench.pass(31_000, giver, rider, other);
  expect(turns).toContain('choke r');
  expect(turns).toContain('unchoke o');
});

test('whoever was unchoked and asks for nothing leaves its slot to others after ten seconds', () => {
  const bench = new ChokerBench();
  const [a, b, c] = [bench.peer('a'), bench.peer('b'), bench.peer('c')];
  for (const peer of [a, b, c]) bench.choker.mayAsk(peer);
  bench.told.length = 0;
  expect(bench.pass(20_000, b, c)).toEqual(['unchoke c']);
  expect(bench.choker.mayAsk(c)).toBe(true);
});

test('a higher limit gives slots at once, a lower one takes them at the next round', () => {
  const bench = new ChokerBench();
  const peers = ['a', 'b', 'c', 'd'].map((name) => bench.peer(name));
  for (const peer of peers) bench.choker.mayAsk(peer);
  bench.told.length = 0;
  bench.limitBytesPerSecond = 256 * KIB;
  expect(bench.pass(500, ...peers)).toEqual(['unchoke c', 'unchoke d']);
  bench.limitBytesPerSecond = 128 * KIB;
  expect(bench.pass(5000, ...peers)).toEqual([]);
  expect(bench.pass(5000, ...peers)).toHaveLength(2);
});

test('who lacks nothing any more is not kept waiting', () => {
  const bench = new ChokerBench();
  const peers = ['a', 'b', 'c'].map((name) => bench.peer(name));
  for (const peer of peers) bench.choker.mayAsk(peer);
  bench.lacking = false;
  expect(bench.pass(10_000, ...peers)).toEqual(['unchoke c']);
});
