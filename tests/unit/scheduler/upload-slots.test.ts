import { describe, expect, test } from 'vitest';
import { assignSlots, ROUND_MS, slotCount, TURN_MS, type Slot, type SlotCandidate, type SlotFacts } from '@/src/scheduler/upload-slots';

const NOW_MS = 1_000_000;

/** Asks, gives nothing, and waits for its first slot since a minute. */
function peer(id: string, facts: Partial<SlotCandidate<string>> = {}): SlotCandidate<string> {
  const unknown = { givesBytesPerSecond: 0, takesBytesPerSecond: 0, slot: undefined, sinceMs: NOW_MS - 60_000, slotsHad: 1 };
  return { id, wants: true, ...unknown, ...facts };
}

function holding(id: string, slot: Slot, heldMs: number, facts: Partial<SlotCandidate<string>> = {}): SlotCandidate<string> {
  return peer(id, { slot, sinceMs: NOW_MS - heldMs, ...facts });
}

function giver(id: string, givesBytesPerSecond: number, facts: Partial<SlotCandidate<string>> = {}): SlotCandidate<string> {
  return peer(id, { givesBytesPerSecond, ...facts });
}

function newcomer(id: string, cameMsAgo = 0): SlotCandidate<string> {
  return holding(id, 'free', cameMsAgo, { slotsHad: 0 });
}

function assigned(peers: readonly SlotCandidate<string>[], facts: Partial<SlotFacts<string>> = {}): Record<string, Slot> {
  return Object.fromEntries(assignSlots({ peers, slots: 4, isFetching: true, isRound: true, nowMs: NOW_MS, ...facts }));
}

const FOUR_GIVERS = [giver('a', 10), giver('b', 40), giver('c', 20), giver('d', 30)];

describe('room', () => {
  test('as many as there are slots are all served, whatever they give', () => {
    expect(Object.keys(assigned([peer('a'), giver('b', 9), newcomer('c'), holding('d', 'turn', 10 * TURN_MS)]))).toHaveLength(4);
  });

  test('who asks for nothing is not choked, and takes nobody’s slot', () => {
    const idle = ['x', 'y', 'z'].map((id) => giver(id, 1000, { wants: false }));
    expect(assigned([...idle, peer('a'), peer('b'), peer('c'), peer('d')])).toEqual({
      x: 'free',
      y: 'free',
      z: 'free',
      a: 'turn',
      b: 'turn',
      c: 'turn',
      d: 'turn',
    });
  });
});

describe('while we fetch', () => {
  test('those who give most are served, and one place goes round', () => {
    expect(assigned([...FOUR_GIVERS, peer('rider')])).toEqual({ b: 'earned', d: 'earned', c: 'earned', a: 'turn' });
  });

  test('what givers leave goes to those who give nothing', () => {
    expect(assigned([giver('a', 10), peer('r'), peer('s'), peer('t'), peer('u')])).toMatchObject({
      a: 'earned',
      r: 'turn',
      s: 'turn',
      t: 'turn',
    });
  });

  test('an earned slot is kept until the next round, although another gives more now', () => {
    const peers = [...['a', 'c', 'd'].map((id) => giver(id, 10, { slot: 'earned' })), giver('b', 1000), newcomer('n')];
    expect(assigned(peers, { isRound: false })).toEqual({ a: 'earned', c: 'earned', d: 'earned', b: 'turn', n: 'guest' });
    expect(assigned(peers, { isRound: true })).toMatchObject({ b: 'earned' });
  });

  test('among eight slots two go round', () => {
    const givers = Array.from({ length: 20 }, (_, index) => giver(`g${index}`, 100 + index));
    expect(Object.values(assigned(givers, { slots: 8 })).sort()).toEqual([...Array<Slot>(6).fill('earned'), 'turn', 'turn']);
  });
});

describe('turns', () => {
  const seeding = { isFetching: false, slots: 2 };

  test('once nothing is left to fetch it does not matter who gave', () => {
    expect(assigned([...FOUR_GIVERS, peer('e', { sinceMs: 0 })], { isFetching: false, slots: 1 })).toEqual({ e: 'turn' });
  });

  test('last while others wait, and end then', () => {
    const waiting = peer('w');
    expect(assigned([holding('a', 'turn', TURN_MS - 1), holding('b', 'turn', TURN_MS - 1), waiting], seeding)).toEqual({
      a: 'turn',
      b: 'turn',
    });
    expect(assigned([holding('a', 'turn', TURN_MS), holding('b', 'turn', TURN_MS - 1), waiting], seeding)).toEqual({
      b: 'turn',
      w: 'turn',
    });
  });

  test('that are over go on while nobody waits; those who take fastest keep theirs longest', () => {
    const fast = holding('fast', 'turn', 5 * TURN_MS, { takesBytesPerSecond: 100 });
    const slow = holding('slow', 'turn', TURN_MS, { takesBytesPerSecond: 1 });
    expect(assigned([fast, slow], seeding)).toEqual({ fast: 'turn', slow: 'turn' });
    expect(assigned([fast, slow, peer('w')], seeding)).toEqual({ fast: 'turn', w: 'turn' });
  });

  test('go to who has waited longest', () => {
    const waiting = [peer('late', { sinceMs: 30 }), peer('first', { sinceMs: 10 }), peer('second', { sinceMs: 20 })];
    expect(assigned(waiting, seeding)).toEqual({ first: 'turn', second: 'turn' });
  });

  test('nobody waits for ever: with 10 at 2 slots each has had its turn after five of them', () => {
    let peers = Array.from({ length: 10 }, (_, index) => peer(`p${index}`, { sinceMs: 0, slotsHad: 0 }));
    const served = new Set<string>();
    for (let nowMs = 1; nowMs < 5 * TURN_MS; nowMs += ROUND_MS) {
      const turns = assignSlots({ peers, slots: 2, isFetching: false, isRound: true, nowMs });
      peers = peers.map((before) => {
        const slot = turns.get(before.id);
        if (slot !== undefined) served.add(before.id);
        return slot === before.slot
          ? before
          : { ...before, slot, sinceMs: nowMs, slotsHad: before.slotsHad + (slot === undefined ? 0 : 1) };
      });
    }
    expect(served.size).toBe(10);
  });
});

describe('a newcomer', () => {
  const held = [holding('a', 'turn', ROUND_MS), holding('b', 'turn', ROUND_MS)];
  const seeding = { isFetching: false, slots: 2 };

  test('is a guest beside the slots, at once, and then for ten seconds', () => {
    const guest = holding('g', 'guest', ROUND_MS - 1);
    expect(assigned([...held, newcomer('n')], seeding)).toEqual({ a: 'turn', b: 'turn', n: 'guest' });
    expect(assigned([...held, guest], seeding)).toEqual({ a: 'turn', b: 'turn', g: 'guest' });
    expect(assigned([...held, { ...guest, sinceMs: NOW_MS - ROUND_MS }], seeding)).toEqual({ a: 'turn', b: 'turn' });
  });

  test('has to wait while there are half as many guests as slots', () => {
    const guests = [holding('g', 'guest', 2000), holding('h', 'guest', 1000)];
    const six = ['a', 'b', 'c', 'd'].map((id) => holding(id, 'turn', ROUND_MS));
    const served = assigned([...six, ...guests, newcomer('n')], { isFetching: false, slots: 4 });
    expect(served).toMatchObject({ g: 'guest', h: 'guest' });
    expect(served).not.toHaveProperty('n');
  });

  test('is no guest where there is a slot for it', () => {
    expect(assigned([newcomer('m'), newcomer('n')], seeding)).toEqual({ m: 'turn', n: 'turn' });
  });

  test('is not new a second time', () => {
    expect(assigned([...held, peer('p', { slotsHad: 1 })], seeding)).toEqual({ a: 'turn', b: 'turn' });
  });
});

describe('how many slots there are', () => {
  const KIB = 1024;

  test.each([
    [16 * KIB, 2],
    [256 * KIB, 4],
    [512 * KIB, 8],
    [1024 * KIB, 8],
    [4096 * KIB, 16],
  ])('at a limit of %i bytes a second: %i', (limit, slots) => {
    expect(slotCount(limit, 0)).toBe(slots);
    expect(slotCount(limit, 1e9)).toBe(slots);
  });

  test('without a limit eight, and more once more than films of eight go out', () => {
    expect(slotCount(Number.POSITIVE_INFINITY, 0)).toBe(8);
    expect(slotCount(Number.POSITIVE_INFINITY, 12 * 256 * KIB)).toBe(12);
  });
});
