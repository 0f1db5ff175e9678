import { setTimeout as wait } from 'node:timers/promises';
import { CpuAccount } from './cpu-account';
import { treeOf } from './process-tree';
import { readBusySeconds, readProcesses, readPssBytes } from './read-proc';

/** Memory is read at every second look: reading it costs more than reading CPU time. */
const LOOK_EVERY_MS = 1000;

export interface TreeUse {
  /** Of all trees together. */
  readonly cpuSeconds: number;
  /** Of the viewer's tree. */
  readonly peakPssBytes: number;
  /** Cores that all other processes used on average, but for this one. */
  readonly otherCores: number;
}

export interface TreePids {
  readonly viewer: number;
  /** Seeders and other viewers. */
  readonly others: readonly number[];
}

/** Starts to meter process trees; the function answered reads the meter and ends it, as does the signal. */
export async function meterTrees(pids: TreePids, until: AbortSignal): Promise<() => Promise<TreeUse>> {
  const account = new CpuAccount();
  const stop = new AbortController();
  const signal = AbortSignal.any([until, stop.signal]);
  const startedAtMs = performance.now();
  const [busyBefore, ownBefore] = [await readBusySeconds(), process.cpuUsage()];
  let peakPssBytes = 0;

  async function look(withMemory: boolean): Promise<void> {
    const processes = await readProcesses();
    const viewer = treeOf(processes, pids.viewer);
    account.look([...viewer, ...pids.others.flatMap((pid) => treeOf(processes, pid))]);
    if (!withMemory) return;
    peakPssBytes = Math.max(peakPssBytes, await readPssBytes(viewer));
  }

  async function keepLooking(): Promise<void> {
    for (let looks = 0; !signal.aborted; looks++) {
      await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await look(looks % 2 === 1);
    }
  }

  await look(false);
  const looking = keepLooking();
  return async () => {
    const busySeconds = (await readBusySeconds()) - busyBefore;
    const own = process.cpuUsage(ownBefore);
    const seconds = (performance.now() - startedAtMs) / 1000;
    stop.abort();
    await looking;
    await look(false);
    const cpuSeconds = account.usedSeconds;
    await look(true);
    const otherSeconds = busySeconds - cpuSeconds - (own.user + own.system) / 1e6;
    return { cpuSeconds, peakPssBytes, otherCores: Math.max(0, otherSeconds / seconds) };
  };
}
