import { browserPid } from './browser-process';
import { heapBytes } from './heap';
import type { Sample } from './metrics';
import { meterTrees, type TreeUse } from './proc/tree-meter';
import type { Surroundings } from './surroundings';
import type { RunningSystem, Viewer } from './viewer';

export interface RunFacts extends Pick<Surroundings, 'film' | 'scenario'> {
  /** Memory of a browser that does nothing. */
  readonly idlePssBytes: number;
}

/** One viewer, from a fresh profile to the end of what the scenario asks of it. */
export async function measureRun(system: RunningSystem, facts: RunFacts): Promise<Sample> {
  const viewer = await system.openViewer();
  const over = new AbortController();
  try {
    const readMeter = await meterTrees({ viewer: browserPid(viewer.browser), seeders: system.seederPids }, over.signal);
    await viewer.click();
    const { seekTo } = facts.scenario;
    return seekTo === undefined ? await measureDownload(viewer, readMeter, facts) : await measureSeek(viewer, readMeter, seekTo);
  } finally {
    over.abort();
    await viewer.close();
  }
}

type ReadMeter = () => Promise<TreeUse>;

async function measureDownload(viewer: Viewer, readMeter: ReadMeter, { film, scenario, idlePssBytes }: RunFacts): Promise<Sample> {
  const completeMs = await viewer.untilComplete();
  const { cpuSeconds, peakPssBytes, otherCores } = await readMeter();
  const moments = await viewer.moments();
  const heap = await heapBytes(viewer.browser);
  if (scenario.plays) await viewer.playEnd();
  return {
    ...moments,
    rateMBps: film.lengthBytes / 1e3 / completeMs,
    cpuSecondsPerGB: (cpuSeconds / film.lengthBytes) * 1e9,
    pssMB: (peakPssBytes - idlePssBytes) / 1e6,
    heapMB: heap / 1e6,
    otherCores,
  };
}

async function measureSeek(viewer: Viewer, readMeter: ReadMeter, seekTo: number): Promise<Sample> {
  const seekMs = await viewer.seek(seekTo);
  const { otherCores } = await readMeter();
  return { ...(await viewer.moments()), seekMs, otherCores };
}
