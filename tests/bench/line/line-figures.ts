import type { Sample } from '@/tests/bench/metrics';
import { summarise } from '@/tests/bench/statistics';

export interface LineFacts {
  /** Round trips of the line with nothing on it. */
  readonly idleMs: readonly number[];
  readonly loadedMs: readonly number[];
  /** Undefined without a download beside the film. */
  readonly tcpBytes: number | undefined;
  readonly filmBytes: number;
  readonly elapsedMs: number;
}

/** What is said of the line of one run; without a single ping that came back nothing of its queue. */
export function lineFigures({
  idleMs,
  loadedMs,
  tcpBytes,
  filmBytes,
  elapsedMs,
}: LineFacts): Pick<Sample, 'queueMs' | 'tcpMBps' | 'lineShare'> {
  const [idle, loaded] = [summarise(idleMs), summarise(loadedMs)];
  return {
    ...(idle === undefined || loaded === undefined ? {} : { queueMs: loaded.median - idle.median }),
    ...(tcpBytes === undefined ? {} : { tcpMBps: tcpBytes / 1e3 / elapsedMs, lineShare: filmBytes / (filmBytes + tcpBytes) }),
  };
}
