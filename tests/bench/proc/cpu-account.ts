import type { ProcessStat } from './process-stat';

/** Adds up what some processes used from the first look on. One that ended between two looks keeps what it had at the last. */
export class CpuAccount {
  readonly #first = new Map<number, number>();
  readonly #last = new Map<number, number>();
  #opened = false;

  look(processes: readonly ProcessStat[]): void {
    for (const { pid, cpuSeconds } of processes) {
      // What a process used before it was first seen counts, unless it was there before the account was opened.
      if (!this.#first.has(pid)) this.#first.set(pid, this.#opened ? 0 : cpuSeconds);
      this.#last.set(pid, cpuSeconds);
    }
    this.#opened = true;
  }

  get usedSeconds(): number {
    let used = 0;
    for (const [pid, cpuSeconds] of this.#last) used += cpuSeconds - (this.#first.get(pid) ?? 0);
    return used;
  }
}
