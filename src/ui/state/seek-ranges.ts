import type { FileSnapshot } from '@/src/protocol/engine-api';

/** Of the whole film, 0 to 1. */
export interface ShareRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where on the seek bar a file is verified. Bytes are taken for time as if the film had the same rate throughout, which holds about: the
 * container's index, which would tell, is itself a part of what may be missing.
 */
export function verifiedShares({ verifiedRuns = [], lengthBytes }: Pick<FileSnapshot, 'verifiedRuns' | 'lengthBytes'>): ShareRange[] {
  if (lengthBytes === 0) return [];
  return verifiedRuns.map(({ startBytes, endBytes }) => ({ start: startBytes / lengthBytes, end: endBytes / lengthBytes }));
}

export function isWithin(ranges: readonly ShareRange[], share: number): boolean {
  return ranges.some(({ start, end }) => share >= start && share <= end);
}
