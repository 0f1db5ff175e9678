import type { Sample } from './metrics';

export interface SwarmFacts {
  readonly filmBytes: number;
  /** Of each leecher, from the click. */
  readonly completeMs: readonly number[];
  /** Of each leecher; seeders lack nothing, so all of it went to other leechers. */
  readonly uploadedBytes: readonly number[];
}

/** What is said of leechers together; a single one has a rate alone. */
export function swarmFigures({
  filmBytes,
  completeMs,
  uploadedBytes,
}: SwarmFacts): Pick<Sample, 'rateMBps' | 'fastestRateMBps' | 'leecherShare'> {
  const rateAfter = (ms: number): number => filmBytes / 1e3 / ms;
  const rateMBps = rateAfter(Math.max(...completeMs));
  if (completeMs.length < 2) return { rateMBps };
  const passedOn = uploadedBytes.reduce((sum, bytes) => sum + bytes, 0);
  return { rateMBps, fastestRateMBps: rateAfter(Math.min(...completeMs)), leecherShare: passedOn / (filmBytes * completeMs.length) };
}
