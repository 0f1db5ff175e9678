import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bitfield } from '@/src/base/bitfield';
import { isValidRange, type BlockRange } from '@/src/protocol/peer-messages';
import { Availability } from '@/src/scheduler/availability';
import { BlockState } from '@/src/scheduler/block-state';
import { pickBlocks, type PickFacts } from '@/src/scheduler/piece-picker';
import { KIB } from './sample-info';

const UNIT = 16 * KIB;

interface World {
  readonly facts: PickFacts;
  readonly begun: Map<number, BlockState>;
  readonly pieceBytes: (piece: number) => number;
}

/** Ten pieces of two units that everybody has and wants, unless the test says otherwise. */
function world(options: Partial<PickFacts> & { pieceCount?: number; pieceBytes?: number; totalBytes?: number } = {}): World {
  const { pieceCount = 10, pieceBytes = 2 * UNIT, totalBytes = pieceCount * pieceBytes, ...facts } = options;
  const begun = new Map<number, BlockState>();
  const bytesOf = (piece: number): number => Math.min(pieceBytes, totalBytes - piece * pieceBytes);
  return {
    begun,
    pieceBytes: bytesOf,
    facts: {
      peer: 'a',
      peerHas: Bitfield.full(pieceCount),
      verified: new Bitfield(pieceCount),
      begun,
      plan: { urgent: [], wanted: [{ first: 0, last: pieceCount - 1 }] },
      availability: new Availability(pieceCount),
      budgetBytes: 4 * UNIT,
      urgentBytes: 0,
      blockBytes: UNIT,
      newPieces: 100,
      nowMs: 10_000,
      lateAfterMs: 1000,
      random: () => 0.99,
      tryClaim: () => true,
      isOpen: () => true,
      begin(piece) {
        const state = new BlockState(piece, bytesOf(piece));
        begun.set(piece, state);
        return state;
      },
      ...facts,
    },
  };
}

function pieces(picks: readonly BlockRange[]): number[] {
  return [...new Set(picks.map(({ piece }) => piece))];
}

function begin({ begun, pieceBytes }: World, piece: number, onlyPeer?: string): BlockState {
  const state = new BlockState(piece, pieceBytes(piece), onlyPeer);
  begun.set(piece, state);
  return state;
}

describe('order', () => {
  test('urgent pieces come first, in their order, then begun ones, then new ones', () => {
    const at = world({ budgetBytes: 8 * UNIT, plan: { urgent: [7, 2], wanted: [{ first: 0, last: 9 }] } });
    begin(at, 5);
    expect(pieces(pickBlocks(at.facts))).toEqual([7, 2, 5, 0]);
  });

  test('the rarest of the wanted pieces comes first', () => {
    const at = world({ budgetBytes: 6 * UNIT });
    const counts = [3, 2, 3, 1, 3, 3, 2, 3, 3, 3];
    for (const [piece, count] of counts.entries()) for (let peer = 0; peer < count; peer++) at.facts.availability.addPiece(piece);
    expect(pieces(pickBlocks(at.facts))).toEqual([3, 1, 6]);
  });

  test('ties are broken by the number drawn, each piece as likely as another', () => {
    const firstPicks = Array.from({ length: 1000 }, (_, draw) => {
      // A small generator of its own, so that a run repeats.
      let seed = draw;
      const random = (): number => {
        seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
        return seed / 2 ** 32;
      };
      for (let warmUp = 0; warmUp < 3; warmUp++) random();
      return pickBlocks(world({ pieceCount: 4, budgetBytes: UNIT, random }).facts)[0]?.piece;
    });
    for (const piece of [0, 1, 2, 3]) expect(firstPicks.filter((picked) => picked === piece).length).toBeGreaterThan(150);
    expect(pickBlocks(world({ budgetBytes: UNIT, random: () => 0 }).facts)[0]?.piece).toBe(9);
    expect(pickBlocks(world({ budgetBytes: UNIT, random: () => 0.99 }).facts)[0]?.piece).toBe(0);
  });

  test('a begun piece nobody wants any more is still finished', () => {
    const at = world({ plan: { urgent: [], wanted: [] } });
    begin(at, 4);
    expect(pieces(pickBlocks(at.facts))).toEqual([4]);
  });
});

describe('bounds', () => {
  test('the budget is not exceeded by the short end of a piece before a whole unit', () => {
    const at = world({ pieceCount: 3, pieceBytes: UNIT + 100, totalBytes: 2 * (UNIT + 100) + 100, budgetBytes: 2 * UNIT });
    const asked = pickBlocks(at.facts).reduce((total, { lengthBytes }) => total + lengthBytes, 0);
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(2 * UNIT);
  });

  test.each([
    [4 * UNIT - 1, []],
    [4 * UNIT, [4 * UNIT]],
    [7 * UNIT, [4 * UNIT]],
    [8 * UNIT, [4 * UNIT, 4 * UNIT]],
  ])('of a budget of %i bytes only whole blocks are asked for', (budgetBytes, expected) => {
    const urgent = world({ pieceBytes: 16 * UNIT, budgetBytes, blockBytes: 4 * UNIT, plan: { urgent: [2], wanted: [] } });
    expect(pickBlocks(urgent.facts).map(({ lengthBytes }) => lengthBytes)).toEqual(expected);
    const wanted = world({ pieceBytes: 16 * UNIT, budgetBytes, blockBytes: 4 * UNIT });
    begin(wanted, 2);
    expect(pickBlocks(wanted.facts).map(({ lengthBytes }) => lengthBytes)).toEqual(expected);
  });

  test('the end of a piece is asked for although it is no whole block, where there is budget for one', () => {
    const at = world({ pieceCount: 2, pieceBytes: 6 * UNIT, totalBytes: 11 * UNIT + 5, budgetBytes: 12 * UNIT, blockBytes: 4 * UNIT });
    begin(at, 0);
    begin(at, 1);
    expect(pickBlocks(at.facts)).toEqual([
      { piece: 0, offsetBytes: 0, lengthBytes: 4 * UNIT },
      { piece: 0, offsetBytes: 4 * UNIT, lengthBytes: 2 * UNIT },
      { piece: 1, offsetBytes: 0, lengthBytes: 4 * UNIT },
    ]);
  });

  test('no budget, no picks', () => {
    expect(pickBlocks(world({ budgetBytes: 0, plan: { urgent: [1], wanted: [] } }).facts)).toEqual([]);
  });

  test('no more pieces are begun than there is room for, but for two urgent ones: a seek does not wait for what was read ahead', () => {
    const at = world({ budgetBytes: 100 * UNIT, newPieces: 2, plan: { urgent: [8], wanted: [{ first: 0, last: 9 }] } });
    expect(pieces(pickBlocks(at.facts))).toEqual([8, 0]);
    const full = world({ budgetBytes: 100 * UNIT, newPieces: 0, plan: { urgent: [8, 7, 6], wanted: [{ first: 0, last: 9 }] } });
    begin(full, 3);
    expect(pieces(pickBlocks(full.facts))).toEqual([8, 7, 3]);
    const overdrawn = world({ budgetBytes: 100 * UNIT, newPieces: -2, plan: { urgent: [8], wanted: [{ first: 0, last: 9 }] } });
    begin(overdrawn, 3);
    expect(pieces(pickBlocks(overdrawn.facts))).toEqual([3]);
  });
});

describe('what is late', () => {
  test('is asked a second time when it is urgent', () => {
    const at = world({ plan: { urgent: [1], wanted: [{ first: 0, last: 9 }] }, newPieces: 0 });
    begin(at, 1).ask('b', 0, 2 * UNIT, at.facts.nowMs - at.facts.lateAfterMs - 1);
    expect(pieces(pickBlocks(at.facts))).toEqual([1]);
  });

  test('comes after urgent blocks nobody was asked for', () => {
    const at = world({ plan: { urgent: [1, 2], wanted: [] } });
    begin(at, 1).ask('b', 0, 2 * UNIT, 0);
    expect(pieces(pickBlocks(at.facts))).toEqual([2, 1]);
  });

  test('is left to whom it was asked of while there are new pieces to fetch', () => {
    const at = world({ budgetBytes: 4 * UNIT });
    begin(at, 1).ask('b', 0, 2 * UNIT, 0);
    expect(pieces(pickBlocks(at.facts))).not.toContain(1);
  });

  test('is asked a second time in the end game, and not before it is late', () => {
    const at = world({ pieceCount: 2 });
    begin(at, 0).ask('b', 0, 2 * UNIT, 0);
    begin(at, 1).ask('b', 0, 2 * UNIT, at.facts.nowMs);
    expect(pieces(pickBlocks(at.facts))).toEqual([0]);
  });

  test('is asked of two peers at most', () => {
    const at = world({ pieceCount: 1, plan: { urgent: [0], wanted: [{ first: 0, last: 0 }] } });
    const state = begin(at, 0);
    state.ask('b', 0, 2 * UNIT, 0);
    state.ask('c', 0, 2 * UNIT, 0);
    expect(pickBlocks(at.facts)).toEqual([]);
  });

  test('is not asked of a peer that lacks it', () => {
    const at = world({ pieceCount: 1, peerHas: new Bitfield(1), plan: { urgent: [0], wanted: [{ first: 0, last: 0 }] } });
    begin(at, 0).ask('b', 0, 2 * UNIT, 0);
    expect(pickBlocks(at.facts)).toEqual([]);
  });
});

test('B6: a piece that is fetched from one peer alone is not asked of another', () => {
  const at = world({ pieceCount: 1, plan: { urgent: [0], wanted: [{ first: 0, last: 0 }] } });
  begin(at, 0, 'b');
  expect(pickBlocks(at.facts)).toEqual([]);
  expect(pieces(pickBlocks({ ...at.facts, peer: 'b' }))).toEqual([0]);
});

const shapes = fc.record({
  pieceCount: fc.integer({ min: 1, max: 30 }),
  pieceBytes: fc.constantFrom(UNIT, 2 * UNIT, 5 * UNIT),
  lastBytes: fc.integer({ min: 1, max: UNIT }),
  has: fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
  verified: fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
  urgent: fc.uniqueArray(fc.nat(29)),
  budgetBytes: fc.nat(20 * UNIT),
  blockBytes: fc.constantFrom(UNIT, 2 * UNIT, 4 * UNIT),
  newPieces: fc.integer({ min: -2, max: 10 }),
  draw: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

test('B1: picks keep the budget and the rules, and name only what this peer has and we lack', () => {
  fc.assert(
    fc.property(shapes, ({ pieceCount, lastBytes, has, verified, urgent, draw, ...options }) => {
      const field = (bits: readonly boolean[]): Bitfield => {
        const made = new Bitfield(pieceCount);
        for (let piece = 0; piece < pieceCount; piece++) if (bits[piece] === true) made.add(piece);
        return made;
      };
      const at = world({
        ...options,
        pieceCount,
        totalBytes: (pieceCount - 1) * options.pieceBytes + lastBytes,
        peerHas: field(has),
        verified: field(verified),
        plan: { urgent: urgent.filter((piece) => piece < pieceCount), wanted: [{ first: 0, last: pieceCount - 1 }] },
        random: () => draw,
      });
      const picks = pickBlocks(at.facts);
      expect(picks.reduce((total, { lengthBytes }) => total + lengthBytes, 0)).toBeLessThanOrEqual(options.budgetBytes);
      expect(at.begun.size).toBeLessThanOrEqual(Math.max(0, options.newPieces + 2));
      const asked = new Set<string>();
      for (const { piece, offsetBytes, lengthBytes } of picks) {
        expect(at.facts.peerHas.has(piece) && !at.facts.verified.has(piece)).toBe(true);
        expect(isValidRange({ piece, offsetBytes, lengthBytes }, at.pieceBytes(piece))).toBe(true);
        expect(lengthBytes).toBeLessThanOrEqual(options.blockBytes);
        if (offsetBytes + lengthBytes < at.pieceBytes(piece)) expect(lengthBytes).toBe(options.blockBytes);
        for (let unit = offsetBytes; unit < offsetBytes + lengthBytes; unit += UNIT) {
          expect(asked.has(`${piece}:${unit}`)).toBe(false);
          asked.add(`${piece}:${unit}`);
        }
      }
    }),
  );
});

test('a simulated download from peers that come in any order, with any pieces, completes without a wasted byte', () => {
  const downloads = fc.record({
    pieceCount: fc.integer({ min: 1, max: 20 }),
    pieceBytes: fc.constantFrom(UNIT, 3 * UNIT),
    lastBytes: fc.integer({ min: 1, max: UNIT }),
    holders: fc.array(fc.nat(3), { minLength: 20, maxLength: 20 }),
    turns: fc.array(fc.nat(3), { minLength: 1, maxLength: 40 }),
    budgetBytes: fc.integer({ min: UNIT, max: 6 * UNIT }),
  });
  fc.assert(
    fc.property(downloads, ({ pieceCount, pieceBytes, lastBytes, holders, turns, budgetBytes }) => {
      const peers = ['a', 'b', 'c', 'd'];
      const at = world({ pieceCount, pieceBytes, totalBytes: (pieceCount - 1) * pieceBytes + lastBytes, budgetBytes });
      const { verified } = at.facts;
      let receivedBytes = 0;
      // Each round lets every peer have a turn, beginning with those the case names.
      for (let round = 0; round < 200 && !verified.isFull; round++) {
        const peer = peers[turns[round] ?? round % 4] ?? 'a';
        const peerHas = new Bitfield(pieceCount);
        for (let piece = 0; piece < pieceCount; piece++) if (peers[holders[piece] ?? 0] === peer || peer === 'd') peerHas.add(piece);
        for (const { piece, offsetBytes, lengthBytes } of pickBlocks({ ...at.facts, peer, peerHas, newPieces: 2 - at.begun.size })) {
          const state = at.begun.get(piece);
          receivedBytes += state?.receive(peer, offsetBytes, lengthBytes) ?? 0;
          if (state?.isComplete !== true) continue;
          verified.add(piece);
          at.begun.delete(piece);
        }
      }
      expect(verified.isFull).toBe(true);
      expect(receivedBytes).toBe((pieceCount - 1) * pieceBytes + lastBytes);
    }),
  );
});
