/*
 * How much room stored films may take. Weighs: what the viewer set; else 10 GB, or a fifth of what is free (what films take already
 * counts as free: they make room), whichever is smaller, so that neither a small disk is filled nor a large one wasted.
 */

export const DEFAULT_QUOTA_BYTES = 10_000_000_000;
const DEFAULT_SHARE = 0.2;

/** @param freeBytes undefined when nobody can tell */
export function storageQuotaBytes(setBytes: number | undefined, freeBytes: number | undefined, usedBytes: number): number {
  if (setBytes !== undefined) return setBytes;
  if (freeBytes === undefined) return DEFAULT_QUOTA_BYTES;
  return Math.min(DEFAULT_QUOTA_BYTES, Math.floor((freeBytes + usedBytes) * DEFAULT_SHARE));
}

/** How far ahead of each playhead a film is fetched; Infinity when all of it fits beside what other open films hold. */
export function fetchAheadBytes(chosenBytes: number, budgetBytes: number, windowBytes: number, playheads: number): number {
  if (chosenBytes <= budgetBytes) return Number.POSITIVE_INFINITY;
  // The other half is for what was just watched: seeking back a little costs nothing.
  return Math.max(windowBytes, Math.floor(budgetBytes / 2 / Math.max(1, playheads)));
}

/** A window may take a quarter of the quota at most, so that several fit. */
export function boundedWindowBytes(windowBytes: number, quotaBytes: number): number {
  return Math.min(windowBytes, Math.floor(quotaBytes / 4));
}
