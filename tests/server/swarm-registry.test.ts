import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { becomeKnown, tellDeparture } from '@/signaling-server/src/acquaintance';
import type { Connection, ServerMessage } from '@/signaling-server/src/connection';
import { drawAccepted } from '@/signaling-server/src/draw-members';
import { MemorySwarmRegistry } from '@/signaling-server/src/memory-swarm-registry';
import { OpenOffers } from '@/signaling-server/src/open-offers';
import type { OfferId, PeerId, SwarmId } from '@/src/protocol/ids';

const LIMITS = { maxSwarms: 100, maxSwarmsPerConnection: 100, maxMembersPerSwarm: 100, offerLifetimeSeconds: 120 };

function hex(number: number): string {
  return number.toString(16).padStart(40, '0');
}

const peer = (number: number) => hex(number) as PeerId;
const swarm = (number: number) => hex(number) as SwarmId;
const offer = (number: number) => hex(number) as OfferId;

function testConnection(): Connection & { readonly received: ServerMessage[] } {
  const received: ServerMessage[] = [];
  return { addressKey: 'test', received, deliver: (message) => received.push(message) > 0 };
}

/** The same numbers in every run (a linear congruential generator, Numerical Recipes). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

describe('drawing members', () => {
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  test('gives distinct accepted ones, as many as wanted or all there are', () => {
    const cases = fc.tuple(fc.nat(30), fc.nat(12), fc.nat(4), fc.array(chance, { minLength: 1 }));
    fc.assert(
      fc.property(cases, ([size, count, divisor, chances]) => {
        let at = 0;
        const random = () => chances[at++ % chances.length] ?? 0;
        const items = Array.from({ length: size }, (_, index) => index);
        const accept = (item: number) => divisor === 0 || item % divisor !== 0;
        const drawn = drawAccepted(items, count, accept, random);
        expect(new Set(drawn).size).toBe(drawn.length);
        expect(drawn).toHaveLength(Math.min(count, items.filter(accept).length));
        expect(drawn.every(accept)).toBe(true);
      }),
    );
  });

  test('gives each its chance', () => {
    const random = seededRandom(7);
    const hits = [0, 0, 0, 0, 0, 0];
    for (let round = 0; round < 6000; round++) {
      for (const item of drawAccepted([0, 1, 2, 3, 4, 5], 1, () => true, random)) hits[item] = (hits[item] ?? 0) + 1;
    }
    expect(Math.min(...hits)).toBeGreaterThan(850);
    expect(Math.max(...hits)).toBeLessThan(1150);
  });
});

describe('the registry', () => {
  test('holds exactly who joined and has not left, whatever the order', () => {
    const step = fc.tuple(fc.constantFrom('join', 'leave', 'disconnect'), fc.nat(4), fc.nat(3), fc.nat(6));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const registry = new MemorySwarmRegistry(LIMITS, seededRandom(1));
        const connections = Array.from({ length: 5 }, testConnection);
        /** Keys `connection/swarm`, values peer numbers. */
        const expected = new Map<string, number>();
        for (const [what, connectionNumber, swarmNumber, peerNumber] of steps) {
          const connection = connections[connectionNumber] ?? testConnection();
          const swarmId = swarm(swarmNumber);
          if (what === 'join') {
            const holder = [...expected].find(([key, number]) => key.endsWith(`/${swarmNumber}`) && number === peerNumber)?.[0];
            const own = `${connectionNumber}/${swarmNumber}`;
            // Odd peers come with the token of their first announce, even ones with one of the connection.
            const token = peerNumber % 2 === 1 ? 'shared' : String(connectionNumber);
            const result = registry.join(connection, swarmId, peer(peerNumber), token);
            const allowed = holder === undefined || holder === own || peerNumber % 2 === 1;
            expect('member' in result).toBe(allowed);
            if (allowed && holder !== undefined) expected.delete(holder);
            if (allowed) expected.set(own, peerNumber);
          } else if (what === 'leave') {
            registry.leave(connection, swarmId);
            expected.delete(`${connectionNumber}/${swarmNumber}`);
          } else {
            registry.leaveAll(connection);
            for (const key of expected.keys()) if (key.startsWith(`${connectionNumber}/`)) expected.delete(key);
          }
          expect(registry.memberCount).toBe(expected.size);
          expect(registry.swarmCount).toBe(new Set([...expected.keys()].map((key) => key.split('/')[1])).size);
        }
        for (const [key, peerNumber] of expected) {
          const [connectionNumber = 0, swarmNumber = 0] = key.split('/').map(Number);
          const member = registry.find(swarm(swarmNumber), peer(peerNumber));
          expect(member?.connection).toBe(connections[connectionNumber]);
          const others = member === undefined ? [] : registry.draw(member, 10, () => true);
          expect(others).toHaveLength([...expected.keys()].filter((other) => other.endsWith(`/${swarmNumber}`)).length - 1);
        }
      }),
    );
  });

  test('tells of a departure only members that are still the same', () => {
    const registry = new MemorySwarmRegistry(LIMITS, () => 0);
    const connections = Array.from({ length: 3 }, testConnection);
    const [leaver, stays, returns] = connections.map((connection, number) => {
      const result = registry.join(connection, swarm(1), peer(number), 'token');
      return 'member' in result ? result.member : undefined;
    });
    if (leaver === undefined || stays === undefined || returns === undefined) throw new Error('a join was refused');
    becomeKnown(leaver, stays);
    becomeKnown(leaver, returns);
    const { connection } = returns;
    registry.leave(connection, swarm(1));
    registry.join(connection, swarm(1), returns.peerId, 'token');
    registry.leave(leaver.connection, swarm(1));
    tellDeparture(registry, leaver);
    expect(connections.map(({ received }) => received.length)).toEqual([0, 1, 0]);
  });
});

test('a connection whose members are gone is not kept in memory by those they met', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const registry = new MemorySwarmRegistry(LIMITS, () => 0);
  const stays = testConnection();
  const meet = (): WeakRef<Connection> => {
    const connection = testConnection();
    const [leaver, other] = [connection, stays].map((one, number) => {
      const result = registry.join(one, swarm(1), peer(number), 'token');
      if ('refused' in result) throw new Error('a join was refused');
      return result.member;
    });
    if (leaver === undefined || other === undefined) throw new Error('two joined');
    becomeKnown(leaver, other);
    becomeKnown(other, leaver);
    other.offers.open(offer(1), leaver, 0);
    for (const member of registry.leaveAll(connection)) tellDeparture(registry, member);
    return new WeakRef(connection);
  };
  const gone = meet();
  // What a weak reference was made of stays for that turn.
  await turn();
  collectGarbage();
  expect(gone.deref()).toBeUndefined();
  expect(registry.find(swarm(1), peer(1))?.knownBy?.size).toBe(1);
});

describe('open offers', () => {
  test('end after their lifetime, for their receiver as for everyone', () => {
    const offers = new OpenOffers<string>(1000);
    offers.open(offer(1), 'receiver', 0);
    expect(offers.isOpen(offer(1), 'another', 0)).toBe(false);
    expect(offers.isOpen(offer(1), 'receiver', 999)).toBe(true);
    expect(offers.isOpen(offer(1), 'receiver', 1000)).toBe(false);
    expect(offers.answer(offer(1), 'receiver', 1000)).toBe(false);
  });

  test('give way to newer ones when there are too many', () => {
    const offers = new OpenOffers<string>(1000);
    for (let number = 0; number < 70; number++) offers.open(offer(number), 'receiver', 0);
    const open = Array.from({ length: 70 }, (_, number) => offers.isOpen(offer(number), 'receiver', 0));
    expect(open.indexOf(true)).toBe(6);
    expect(open.lastIndexOf(false)).toBe(5);
  });

  test('made again under the same id may be answered again', () => {
    const offers = new OpenOffers<string>(1000);
    offers.open(offer(1), 'receiver', 0);
    expect(offers.answer(offer(1), 'receiver', 1)).toBe(true);
    expect(offers.answer(offer(1), 'receiver', 2)).toBe(false);
    offers.open(offer(1), 'receiver', 3);
    expect(offers.answer(offer(1), 'receiver', 4)).toBe(true);
  });
});
