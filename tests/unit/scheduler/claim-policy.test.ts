import { describe, expect, test } from 'vitest';
import { Bitfield } from '@/src/base/bitfield';
import { chooseClaims, mayClaim, type Claim, type ClaimFacts, type ClaimWish } from '@/src/scheduler/claim-policy';

const NOW_MS = 100_000;

function facts(changes: Partial<ClaimFacts> & { readonly claimed?: Readonly<Record<number, Claim>> } = {}): ClaimFacts {
  const { claimed = {}, ...rest } = changes;
  return {
    source: 'native',
    verified: new Bitfield(10),
    plan: { urgent: [5, 2, 9], wanted: [{ first: 0, last: 9 }] },
    claims: new Map(Object.entries(claimed).map(([piece, claim]) => [Number(piece), claim])),
    nowMs: NOW_MS,
    limits: { silentAfterMs: 1000, deadAfterMs: 10_000, slowAfterMs: 5000 },
    activeAtMs: () => NOW_MS,
    ...rest,
  };
}

function wish(count: number, changes: Partial<ClaimWish> = {}): ClaimWish {
  return { count, canDeliver: () => true, rarity: undefined, random: () => 0, ...changes };
}

function other(ageMs: number): Claim {
  return { source: 'webtorrent', claimedAtMs: NOW_MS - ageMs };
}

/** Piece 7 is rarer than the others. */
const rarity = (piece: number): number => (piece === 7 ? 1 : 2);
const silentFor = (ms: number): Partial<ClaimFacts> => ({ activeAtMs: () => NOW_MS - ms });

describe('order', () => {
  test('urgent pieces come first, in their order, then the others', () => {
    expect(chooseClaims(facts(), wish(5))).toEqual([5, 2, 9, 0, 1]);
  });

  test('beyond what is urgent the rarest come first, ties by chance', () => {
    expect(chooseClaims(facts({ plan: { urgent: [], wanted: [{ first: 6, last: 9 }] } }), wish(2, { rarity }))).toEqual([7, 6]);
    const draws = [0.9, 0, 0.5, 0.1];
    const random = (): number => draws.shift() ?? 0;
    expect(chooseClaims(facts({ plan: { urgent: [], wanted: [{ first: 6, last: 9 }] } }), wish(4, { rarity: () => 1, random }))).toEqual([
      7, 9, 8, 6,
    ]);
  });

  test('what is here, what cannot be delivered, and what nobody wants is left out', () => {
    const verified = new Bitfield(10);
    verified.add(5);
    const plan = { urgent: [5, 2], wanted: [{ first: 1, last: 4 }] };
    expect(chooseClaims(facts({ verified, plan }), wish(10, { canDeliver: (piece) => piece !== 3 }))).toEqual([2, 1, 4]);
  });
});

describe('what another source has claimed', () => {
  test('is left to it as long as it delivers', () => {
    expect(chooseClaims(facts({ claimed: { 5: other(900), 0: other(9000) } }), wish(4))).toEqual([2, 9, 1, 3]);
  });

  test('is taken over when that source is silent: soon what is urgent, later the rest', () => {
    const claimed = { 5: other(60_000), 0: other(60_000) };
    expect(chooseClaims(facts({ claimed, ...silentFor(1000) }), wish(4))).toEqual([5, 2, 9, 1]);
    expect(chooseClaims(facts({ claimed, ...silentFor(10_000) }), wish(4))).toEqual([5, 2, 9, 0]);
  });

  test('is not late while it was claimed only just now', () => {
    expect(chooseClaims(facts({ claimed: { 5: other(500) }, activeAtMs: () => 0 }), wish(1))).toEqual([2]);
  });

  test('is taken over when it is next to be played and trickles in too slowly', () => {
    const claimed = { 5: other(5000), 2: other(5000), 9: other(5000) };
    expect(chooseClaims(facts({ claimed }), wish(3))).toEqual([5, 2, 0]);
  });
});

describe('a piece a source chose itself', () => {
  test('may be claimed when it is free, and kept when it is its own', () => {
    const claimed = { 3: { source: 'native', claimedAtMs: 0 }, 4: other(0) } as const;
    expect([1, 3, 4].map((piece) => mayClaim(facts({ claimed }), piece))).toEqual([true, true, false]);
  });

  test('may not be claimed once it is here', () => {
    const verified = Bitfield.full(10);
    expect(mayClaim(facts({ verified }), 3)).toBe(false);
  });

  test('may be taken over from a source that is late', () => {
    expect(mayClaim(facts({ claimed: { 5: other(2000) }, activeAtMs: () => 0 }), 5)).toBe(true);
    expect(mayClaim(facts({ claimed: { 4: other(2000) }, activeAtMs: () => 0 }), 4)).toBe(false);
  });
});
