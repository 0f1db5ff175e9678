/** USER_HZ: what /proc counts CPU time in, 100 a second on every Linux that Chromium runs on (proc(5)). */
const TICKS_PER_SECOND = 100;

export interface ProcessStat {
  readonly pid: number;
  readonly parentPid: number;
  /** utime + stime. Children it has waited for are not in it: they are counted while they live. */
  readonly cpuSeconds: number;
}

/** Reads /proc/<pid>/stat (proc(5)). The name stands in parentheses and may hold blanks and parentheses itself. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const pid = Number.parseInt(text, 10);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parentPid, userTicks, systemTicks] = [fields[1], fields[11], fields[12]].map(Number);
  if (!Number.isInteger(pid) || parentPid === undefined || userTicks === undefined || systemTicks === undefined) return undefined;
  if (![parentPid, userTicks, systemTicks].every(Number.isInteger)) return undefined;
  return { pid, parentPid, cpuSeconds: (userTicks + systemTicks) / TICKS_PER_SECOND };
}

/** Reads /proc/<pid>/smaps_rollup: its share of memory, pages it shares with others divided among them. */
export function parsePssBytes(text: string): number | undefined {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** Reads the first line of /proc/stat: CPU time of the whole machine, without the time it waited or was idle. */
export function parseBusySeconds(text: string): number | undefined {
  const [user, nice, system, , , irq, softIrq] = (/^cpu +([\d ]+)/.exec(text)?.[1] ?? '').split(' ').map(Number);
  if (user === undefined || nice === undefined || system === undefined || irq === undefined || softIrq === undefined) return undefined;
  return (user + nice + system + irq + softIrq) / TICKS_PER_SECOND;
}
