import type { Sample } from '@/tests/bench/metrics';
import { lineFigures } from './line-figures';
import type { FarEnd } from './open-far-end';
import { pingLine } from './ping-line';
import { downloadByTcp } from './tcp-download';

/** Round trips on the idle line before each run. */
const IDLE_PINGS = 20;

export type LineSample = Pick<Sample, 'queueMs' | 'tcpMBps' | 'lineShare'>;

export interface LineWatch {
  /** What there was to see since the watch began. @param filmBytes that came meanwhile */
  read(filmBytes: number): LineSample;
  close(): void;
}

/**
 * Watches lines from now on. The idle line is measured first, then the TCP download gets under way.
 * @param withTcp a download beside the film on each of them
 */
export async function watchLines(farEnds: readonly FarEnd[], withTcp: boolean): Promise<LineWatch> {
  const pings = await Promise.all(farEnds.map(pingLine));
  await Promise.all(pings.map((ping) => ping.untilTaken(IDLE_PINGS)));
  const idleMs = pings.flatMap((ping) => ping.take());
  const downloads = withTcp ? await Promise.all(farEnds.map(downloadByTcp)) : [];
  const receivedBytes = (): number => downloads.reduce((sum, download) => sum + download.receivedBytes, 0);
  const receivedBefore = receivedBytes();
  for (const ping of pings) ping.take();
  const startedMs = performance.now();
  return {
    read: (filmBytes) =>
      lineFigures({
        idleMs,
        loadedMs: pings.flatMap((ping) => ping.take()),
        tcpBytes: withTcp ? receivedBytes() - receivedBefore : undefined,
        filmBytes,
        elapsedMs: performance.now() - startedMs,
      }),
    close() {
      for (const open of [...pings, ...downloads]) open.close();
    },
  };
}
