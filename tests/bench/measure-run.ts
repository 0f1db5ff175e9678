import { browserPid } from './browser-process';
import { heapBytes } from './heap';
import { watchLines, type LineSample, type LineWatch } from './line/watch-lines';
import type { Sample } from './metrics';
import { meterTrees, type TreeUse } from './proc/tree-meter';
import type { Ground } from './surroundings';
import { swarmFigures } from './swarm-figures';
import type { RunningSystem, Viewer } from './viewer';

export interface RunFacts extends Pick<Ground, 'film' | 'scenario' | 'farEnds'> {
  /** Memory of a browser that does nothing. */
  readonly idlePssBytes: number;
}

/** A scenario's viewers, from fresh profiles to the end of what it asks of them. The first is the one whose moments and memory count. */
export async function measureRun(system: RunningSystem, facts: RunFacts): Promise<Sample> {
  const first = await system.openViewer();
  const viewers = [first];
  const over = new AbortController();
  let watch: LineWatch | undefined;
  try {
    while (viewers.length < facts.scenario.leechers) viewers.push(await system.openViewer());
    const others = [...system.seederPids, ...viewers.slice(1).map(({ browser }) => browserPid(browser))];
    watch = await watchLinesOf(system, facts);
    const readMeter = await meterTrees({ viewer: browserPid(first.browser), others }, over.signal);
    await Promise.all(viewers.map((viewer) => viewer.click()));
    const { seekTo } = facts.scenario;
    const readings: Readings = { readMeter, readLine: () => watch?.read(facts.film.lengthBytes) };
    return seekTo === undefined ? await measureDownload(first, viewers, readings, facts) : await measureSeek(first, readings, seekTo);
  } finally {
    watch?.close();
    over.abort();
    for (const viewer of viewers) await viewer.close();
  }
}

interface Readings {
  readonly readMeter: () => Promise<TreeUse>;
  readonly readLine: () => LineSample | undefined;
}

function watchLinesOf({ swarms }: RunningSystem, { farEnds, scenario }: RunFacts): Promise<LineWatch> | undefined {
  if (farEnds === undefined) return undefined;
  return watchLines(
    swarms.map((swarm) => farEnds[swarm]),
    scenario.besideTcp,
  );
}

async function measureDownload(
  first: Viewer,
  viewers: readonly Viewer[],
  { readMeter, readLine }: Readings,
  { film, scenario, idlePssBytes }: RunFacts,
): Promise<Sample> {
  const completeMs = await Promise.all(viewers.map((viewer) => viewer.untilComplete()));
  const line = readLine();
  const { cpuSeconds, peakPssBytes, otherCores } = await readMeter();
  const moments = await first.moments();
  const heap = await heapBytes(first.browser);
  const uploadedBytes = scenario.leechers > 1 ? await Promise.all(viewers.map((viewer) => viewer.uploadedBytes())) : [];
  if (scenario.plays) await first.playEnd();
  return {
    ...moments,
    ...swarmFigures({ filmBytes: film.lengthBytes, completeMs, uploadedBytes }),
    ...line,
    cpuSecondsPerGB: (cpuSeconds / film.lengthBytes / viewers.length) * 1e9,
    pssMB: (peakPssBytes - idlePssBytes) / 1e6,
    heapMB: heap / 1e6,
    otherCores,
  };
}

async function measureSeek(viewer: Viewer, { readMeter }: Readings, seekTo: number): Promise<Sample> {
  const seekMs = await viewer.seek(seekTo);
  const { otherCores } = await readMeter();
  return { ...(await viewer.moments()), seekMs, otherCores };
}
