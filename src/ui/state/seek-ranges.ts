import type { ByteRun, FileSnapshot } from '@/src/protocol/engine-api';
import { isFileComplete } from './session-facts';

/** Of the whole film, 0 to 1. */
export interface ShareRange {
  readonly start: number;
  readonly end: number;
}

/** What the film's own index says: where on the seek bar bytes are that are verified of all that plays at once. */
export type FilmTimes = (verified: readonly ByteRun[]) => ShareRange[];

export interface VerifiedShares {
  readonly ranges: readonly ShareRange[];
  /** Else they are about right. */
  readonly isExact: boolean;
}

/**
 * Where on the seek bar a file is verified. As long as its index is not there (it is itself a part of what may be missing), and for
 * containers without one, bytes are taken for time as if the film had the same rate throughout. Of a file
 * in very many runs the engine leaves the shortest out, and then the rest is about right, too.
 */
export function verifiedShares(file: FileSnapshot | undefined, times: FilmTimes | undefined): VerifiedShares {
  const { verifiedRuns = [], verifiedBytes = 0, lengthBytes = 0 } = file ?? {};
  if (lengthBytes === 0) return { ranges: [], isExact: true };
  if (times !== undefined) return { ranges: times(verifiedRuns), isExact: bytesIn(verifiedRuns) === verifiedBytes };
  const ranges = verifiedRuns.map(({ startBytes, endBytes }) => ({ start: startBytes / lengthBytes, end: endBytes / lengthBytes }));
  return { ranges, isExact: isFileComplete(file) };
}

function bytesIn(runs: readonly ByteRun[]): number {
  return runs.reduce((total, { startBytes, endBytes }) => total + endBytes - startBytes, 0);
}

export function isWithin(ranges: readonly ShareRange[], share: number): boolean {
  return ranges.some(({ start, end }) => share >= start && share <= end);
}

/** How much of the film is there without a gap from this place on, as a share of it. */
export function shareAhead(ranges: readonly ShareRange[], share: number): number {
  return Math.max(0, ...ranges.filter(({ start, end }) => share >= start && share <= end).map(({ end }) => end - share));
}
