import { readFile, readdir } from 'node:fs/promises';
import { parseBusySeconds, parsePssBytes, parseProcessStat, type ProcessStat } from './process-stat';

/** Every process of this machine. One that ends meanwhile is left out. */
export async function readProcesses(): Promise<readonly ProcessStat[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return texts.map(parseProcessStat).filter((stat) => stat !== undefined);
}

export async function readPssBytes(processes: readonly ProcessStat[]): Promise<number> {
  let pssBytes = 0;
  // One by one: the kernel walks a process's pages for each, and eight at a time would be felt by what is measured.
  for (const { pid } of processes) {
    pssBytes += parsePssBytes(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')) ?? 0;
  }
  return pssBytes;
}

export async function readBusySeconds(): Promise<number> {
  return parseBusySeconds(await readFile('/proc/stat', 'utf8')) ?? 0;
}
