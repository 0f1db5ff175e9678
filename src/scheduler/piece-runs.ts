import type { PieceRange } from './playback-window';

/** Pieces as runs that do not touch each other, the run with the most urgent piece first. */
export function runsByUrgency(pieces: Iterable<number>, urgent: readonly number[]): PieceRange[] {
  const rank = new Map(urgent.map((piece, index) => [piece, index]));
  const runs: { first: number; last: number; rank: number }[] = [];
  for (const piece of [...pieces].sort((left, right) => left - right)) {
    const pieceRank = rank.get(piece) ?? Number.POSITIVE_INFINITY;
    const run = runs.at(-1);
    if (run !== undefined && piece === run.last + 1) {
      run.last = piece;
      run.rank = Math.min(run.rank, pieceRank);
    } else {
      runs.push({ first: piece, last: piece, rank: pieceRank });
    }
  }
  return runs
    .sort((left, right) => (left.rank < right.rank ? -1 : left.rank > right.rank ? 1 : 0))
    .map(({ first, last }) => ({ first, last }));
}
