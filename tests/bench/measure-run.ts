import { browserPid } from './browser-process';
import { heapBytes } from './heap';
import type { Sample } from './metrics';
import { meterTrees, type TreeUse } from './proc/tree-meter';
import type { Surroundings } from './surroundings';
import { swarmFigures } from './swarm-figures';
import type { RunningSystem, Viewer } from './viewer';

export interface RunFacts extends Pick<Surroundings, 'film' | 'scenario'> {
  /** Memory of a browser that does nothing. */
  readonly idlePssBytes: number;
}

/** A scenario's viewers, from fresh profiles to the end of what it asks of them. The first is the one whose moments and memory count. */
export async function measureRun(system: RunningSystem, facts: RunFacts): Promise<Sample> {
  const first = await system.openViewer();
  const viewers = [first];
  const over = new AbortController();
  try {
    while (viewers.length < facts.scenario.leechers) viewers.push(await system.openViewer());
    const others = [...system.seederPids, ...viewers.slice(1).map(({ browser }) => browserPid(browser))];
    const readMeter = await meterTrees({ viewer: browserPid(first.browser), others }, over.signal);
    await Promise.all(viewers.map((viewer) => viewer.click()));
    const { seekTo } = facts.scenario;
    return seekTo === undefined ? await measureDownload(first, viewers, readMeter, facts) : await measureSeek(first, readMeter, seekTo);
  } finally {
    over.abort();
    for (const viewer of viewers) await viewer.close();
  }
}

type ReadMeter = () => Promise<TreeUse>;

async function measureDownload(
  first: Viewer,
  viewers: readonly Viewer[],
  readMeter: ReadMeter,
  { film, scenario, idlePssBytes }: RunFacts,
): Promise<Sample> {
  const completeMs = await Promise.all(viewers.map((viewer) => viewer.untilComplete()));
  const { cpuSeconds, peakPssBytes, otherCores } = await readMeter();
  const moments = await first.moments();
  const heap = await heapBytes(first.browser);
  const uploadedBytes = scenario.leechers > 1 ? await Promise.all(viewers.map((viewer) => viewer.uploadedBytes())) : [];
  if (scenario.plays) await first.playEnd();
  return {
    ...moments,
    ...swarmFigures({ filmBytes: film.lengthBytes, completeMs, uploadedBytes }),
    cpuSecondsPerGB: (cpuSeconds / film.lengthBytes / viewers.length) * 1e9,
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
