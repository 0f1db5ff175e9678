import { browserPid } from './browser-process';
import type { BenchFilm } from './film';
import { heapBytes } from './heap';
import type { Sample } from './metrics';
import { meterTrees } from './proc/tree-meter';
import type { RunningSystem } from './viewer';

export interface RunFacts {
  readonly film: BenchFilm;
  readonly plays: boolean;
  /** Memory of a browser that does nothing. */
  readonly idlePssBytes: number;
}

/** One viewer, from a fresh profile to the whole film. */
export async function measureRun(system: RunningSystem, { film, plays, idlePssBytes }: RunFacts): Promise<Sample> {
  const viewer = await system.openViewer();
  const over = new AbortController();
  try {
    const readMeter = await meterTrees({ viewer: browserPid(viewer.browser), seeders: system.seederPids }, over.signal);
    await viewer.click();
    const { completeMs, ...moments } = await viewer.untilComplete();
    const { cpuSeconds, peakPssBytes, otherCores } = await readMeter();
    const heap = await heapBytes(viewer.browser);
    if (plays) await viewer.playEnd();
    return {
      ...moments,
      rateMBps: film.lengthBytes / 1e3 / completeMs,
      cpuSecondsPerGB: (cpuSeconds / film.lengthBytes) * 1e9,
      pssMB: (peakPssBytes - idlePssBytes) / 1e6,
      heapMB: heap / 1e6,
      otherCores,
    };
  } finally {
    over.abort();
    await viewer.close();
  }
}
