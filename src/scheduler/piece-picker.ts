import type { Bitfield } from '@/src/base/bitfield';
import type { BlockRange } from '@/src/protocol/peer-messages';
import type { Availability } from './availability';
import type { BlockState } from './block-state';
import type { PlaybackPlan } from './playback-window';

/*
 * Which blocks to ask one peer for. Weighs, in this order:
 * 1. urgent pieces, nearest the playhead first (playback-window);
 * 2. urgent blocks that another peer owes for too long: asked a second time;
 * 3. pieces already begun, so that memory for half pieces stays small;
 * 4. the rarest of the wanted pieces this peer has, ties by chance so that peers of one swarm fetch different ones;
 * 5. end game: when every wanted block is asked for, late ones are asked a second time.
 * Bounded by the bytes the peer's window and the rate limit leave, of which some are for what is urgent alone, and by the memory left for
 * half pieces. Pieces that another source fetches are left to it.
 */

export interface PickFacts {
  readonly peer: string;
  readonly peerHas: Bitfield;
  readonly verified: Bitfield;
  readonly begun: ReadonlyMap<number, BlockState>;
  readonly plan: PlaybackPlan;
  readonly availability: Availability;
  /** Bytes this peer may be asked for now; less than a block asks for nothing: parts of blocks would never come to an end. */
  readonly budgetBytes: number;
  /** Of these, what only urgent pieces may use. */
  readonly urgentBytes: number;
  readonly blockBytes: number;
  /** New pieces that may be begun now; urgent ones may overdraw it by two. */
  readonly newPieces: number;
  readonly nowMs: number;
  /** A block owed longer than this is late. */
  readonly lateAfterMs: number;
  /** 0 up to, not including, 1. */
  random(): number;
  /** Whether the piece may be fetched here, and not by another source; makes sure that it stays so. */
  tryClaim(piece: number): boolean;
  /** What `tryClaim` would answer. */
  isOpen(piece: number): boolean;
  /** Begins a piece that was claimed: its state, from now on part of `begun`. */
  begin(piece: number): BlockState;
}

/** Urgent pieces that may be begun although the memory for half pieces is taken: a seek must not wait for what was read ahead. */
export const URGENT_RESERVE_PIECES = 2;

export function pickBlocks(facts: PickFacts): BlockRange[] {
  const picks: BlockRange[] = [];
  // The usual answer once much is here: asked of each peer at each piece that anybody gets.
  if (!hasMissing(facts.peerHas, facts.verified)) return picks;
  let budgetBytes = facts.budgetBytes;
  let newPieces = facts.newPieces;

  const take = (state: BlockState, lateBefore?: number): void => {
    while (budgetBytes >= facts.blockBytes) {
      const range = state.nextRange(facts.peer, facts.blockBytes, lateBefore);
      if (range === undefined) return;
      state.ask(facts.peer, range.offsetBytes, range.lengthBytes, facts.nowMs);
      picks.push({ piece: state.piece, ...range });
      budgetBytes -= range.lengthBytes;
    }
  };
  const visit = (piece: number, reserve = 0): void => {
    if (facts.verified.has(piece) || !facts.peerHas.has(piece)) return;
    const begun = facts.begun.get(piece);
    if (begun === undefined && newPieces <= -reserve) return;
    if (!facts.tryClaim(piece)) return;
    if (begun !== undefined) return take(begun);
    newPieces--;
    take(facts.begin(piece));
  };

  const urgent = facts.plan.urgent.filter((piece) => !facts.verified.has(piece) && facts.peerHas.has(piece));
  for (const piece of urgent) {
    if (budgetBytes < facts.blockBytes) return picks;
    visit(piece, URGENT_RESERVE_PIECES);
  }
  const lateBefore = facts.nowMs - facts.lateAfterMs;
  for (const piece of urgent) {
    if (budgetBytes < facts.blockBytes) return picks;
    const state = facts.begun.get(piece);
    if (state !== undefined && facts.tryClaim(piece)) take(state, lateBefore);
  }
  budgetBytes -= facts.urgentBytes;
  for (const piece of facts.begun.keys()) {
    if (budgetBytes < facts.blockBytes) return picks;
    visit(piece);
  }
  while (budgetBytes >= facts.blockBytes && newPieces > 0) {
    const piece = rarest(facts);
    if (piece === undefined) break;
    visit(piece);
  }
  if (newPieces > 0) {
    for (const state of facts.begun.values()) {
      if (facts.peerHas.has(state.piece) && facts.tryClaim(state.piece)) take(state, lateBefore);
    }
  }
  return picks;
}

/** Linear in the wanted pieces; called once for each piece begun, not for each block. */
function rarest(facts: PickFacts): number | undefined {
  let best: number | undefined;
  let bestCount = Number.POSITIVE_INFINITY;
  let ties = 0;
  for (const { first, last } of facts.plan.wanted) {
    for (let piece = first; piece <= last; piece++) {
      if ((piece & 7) === 0 && missingIn(facts.peerHas, facts.verified, piece >> 3) === 0) {
        piece += 7;
        continue;
      }
      if (facts.verified.has(piece) || !facts.peerHas.has(piece) || facts.begun.has(piece)) continue;
      const count = facts.availability.of(piece);
      if (count > bestCount || !facts.isOpen(piece)) continue;
      ties = count < bestCount ? 1 : ties + 1;
      if (count < bestCount || facts.random() * ties < 1) best = piece;
      bestCount = count;
    }
  }
  return best;
}

function hasMissing(peerHas: Bitfield, verified: Bitfield): boolean {
  for (let byte = 0; byte < peerHas.bytes.length; byte++) if (missingIn(peerHas, verified, byte) !== 0) return true;
  return false;
}

/** Bits of eight pieces: those that the peer has and we have not. */
function missingIn(peerHas: Bitfield, verified: Bitfield, byte: number): number {
  return (peerHas.bytes[byte] ?? 0) & ~(verified.bytes[byte] ?? 0);
}
