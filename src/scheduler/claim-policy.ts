import type { Bitfield } from '@/src/base/bitfield';
import type { SourceName } from '@/src/protocol/engine-api';
import type { PieceRange, PlaybackPlan } from './playback-window';

/*
 * Which source fetches which piece, so that no byte is bought twice. Weighs, in this order:
 * 1. urgent pieces, most urgent first (playback-window);
 * 2. the rarest of the other wanted pieces as the asking source sees it, ties by chance.
 * A piece belongs to one source until it is delivered or released, or until that source is late with it:
 * - nothing at all came from it for a while, longer for pieces that nobody waits for yet;
 * - the piece is next to be played and has taken too long, although bytes trickle in.
 * What is late is given to the first other source that can deliver it. Price: the half piece that the late source holds.
 */

export interface Claim {
  readonly source: SourceName;
  readonly claimedAtMs: number;
}

export interface ClaimLimits {
  /** A source that sent nothing for this long is late with what is urgent. */
  readonly silentAfterMs: number;
  /** A source that sent nothing for this long is late with everything. */
  readonly deadAfterMs: number;
  /** One of the next pieces to be played may take this long, however steadily it comes. */
  readonly slowAfterMs: number;
}

/** Pieces from the head of the urgent ones that count as next to be played. */
const NEXT_PIECES = 2;

export interface ClaimFacts {
  readonly source: SourceName;
  readonly verified: Bitfield;
  readonly plan: PlaybackPlan;
  readonly claims: ReadonlyMap<number, Claim>;
  readonly nowMs: number;
  readonly limits: ClaimLimits;
  /** When a source last sent bytes, or began to be asked. */
  activeAtMs(source: SourceName): number;
}

export interface ClaimWish {
  readonly count: number;
  readonly canDeliver: (piece: number) => boolean;
  /** How many peers of the source have the piece; without it all count alike. */
  readonly rarity: ((piece: number) => number) | undefined;
  /** 0 up to, not including, 1. */
  readonly random: () => number;
}

/** Pieces the source should claim now, most urgent first. */
export function chooseClaims(facts: ClaimFacts, wish: ClaimWish): number[] {
  const chosen = new Set<number>();
  const next = nextPieces(facts);
  const fits = (piece: number, urgent: boolean): boolean =>
    !chosen.has(piece) && !facts.verified.has(piece) && wish.canDeliver(piece) && isFree(facts, piece, urgent, next);
  for (const piece of facts.plan.urgent) {
    if (chosen.size >= wish.count) return [...chosen];
    if (facts.claims.get(piece)?.source !== facts.source && fits(piece, true)) chosen.add(piece);
  }
  const rest = restByRarity(facts.plan.wanted, wish, (piece) => !facts.claims.has(piece) || isLate(facts, piece, false, next), fits);
  for (const piece of rest) {
    if (chosen.size >= wish.count) break;
    chosen.add(piece);
  }
  return [...chosen];
}

/** Whether a source may begin or go on with a piece it chose itself. */
export function mayClaim(facts: ClaimFacts, piece: number): boolean {
  if (facts.verified.has(piece)) return false;
  const claim = facts.claims.get(piece);
  if (claim === undefined || claim.source === facts.source) return true;
  return isLate(facts, piece, facts.plan.urgent.includes(piece), nextPieces(facts));
}

function isFree(facts: ClaimFacts, piece: number, urgent: boolean, next: ReadonlySet<number>): boolean {
  const claim = facts.claims.get(piece);
  return claim === undefined || (claim.source !== facts.source && isLate(facts, piece, urgent, next));
}

function isLate(facts: ClaimFacts, piece: number, urgent: boolean, next: ReadonlySet<number>): boolean {
  const claim = facts.claims.get(piece);
  if (claim === undefined || claim.source === facts.source) return false;
  const { nowMs, limits } = facts;
  const silentMs = nowMs - Math.max(claim.claimedAtMs, facts.activeAtMs(claim.source));
  if (silentMs >= (urgent ? limits.silentAfterMs : limits.deadAfterMs)) return true;
  return next.has(piece) && nowMs - claim.claimedAtMs >= limits.slowAfterMs;
}

function nextPieces({ plan, verified }: ClaimFacts): ReadonlySet<number> {
  const next = new Set<number>();
  for (const piece of plan.urgent) {
    if (next.size >= NEXT_PIECES) break;
    if (!verified.has(piece)) next.add(piece);
  }
  return next;
}

/** Sorting comes after the cheap test: a film of ten thousand pieces is asked about often. */
function restByRarity(
  wanted: readonly PieceRange[],
  { count, rarity, random }: ClaimWish,
  isOpen: (piece: number) => boolean,
  fits: (piece: number, urgent: boolean) => boolean,
): number[] {
  const open: { piece: number; rank: number }[] = [];
  for (const { first, last } of wanted) {
    for (let piece = first; piece <= last; piece++) {
      if (!isOpen(piece) || !fits(piece, false)) continue;
      open.push({ piece, rank: (rarity?.(piece) ?? 0) + random() });
      // Without rarity the order does not matter: enough is enough.
      if (rarity === undefined && open.length >= count) return open.map((item) => item.piece);
    }
  }
  return open.sort((left, right) => left.rank - right.rank).map(({ piece }) => piece);
}
