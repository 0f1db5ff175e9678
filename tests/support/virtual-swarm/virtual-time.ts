import type { Clock } from '@/src/base/clock';

interface Timer {
  readonly atMs: number;
  readonly call: () => void;
}

/** Time that passes as fast as everything that is to happen has happened: the same order in every run. */
export class VirtualTime implements Clock {
  #nowMs = 1_800_000_000_000;
  /** In the order they are due; of those due at once, in the order they were set. */
  readonly #timers: Timer[] = [];

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, call: () => void): () => void {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), call };
    this.#timers.splice(this.#placeOf(timer.atMs), 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  /** @throws {Error} when nothing is left to happen, or more than so long has passed */
  async until(isOver: () => boolean, atMostMs: number): Promise<void> {
    const endMs = this.#nowMs + atMostMs;
    for (;;) {
      // Promises that are settled go on before time does.
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver()) return;
      const next = this.#timers.shift();
      if (next === undefined) throw new Error('nothing is left to happen');
      if (next.atMs > endMs) throw new Error(`it was not over within ${atMostMs / 1000} s`);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.call();
    }
  }

  async pass(ms: number): Promise<void> {
    let over = false;
    this.after(ms, () => void (over = true));
    await this.until(() => over, ms);
  }

  async settle<Result>(work: Promise<Result>, atMostMs: number): Promise<Result> {
    let over = false;
    const settled = work.finally(() => void (over = true));
    settled.catch(() => undefined);
    await this.until(() => over, atMostMs);
    return settled;
  }

  #placeOf(atMs: number): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#timers[middle]?.atMs ?? Infinity) <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
