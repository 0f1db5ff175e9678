import type { Clock } from '@/src/base/clock';

/** Burst allowed after a pause, in time at the full rate. */
const BURST_MS = 100;

/** A token bucket shared by everybody who sends: who finds it empty waits its turn. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #bytesPerMs: number;
  /** When everything let through so far will have been paid for. */
  #paidAtMs = 0;

  /** @param bytesPerSecond Infinity lets everything through at once */
  constructor(clock: Clock, bytesPerSecond: number) {
    this.#clock = clock;
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  /** Resolves when these bytes may go; callers are served in the order they came. */
  async take(bytes: number): Promise<void> {
    if (this.#bytesPerMs === Number.POSITIVE_INFINITY) return;
    const nowMs = this.#clock.now();
    this.#paidAtMs = Math.max(this.#paidAtMs, nowMs - BURST_MS) + bytes / this.#bytesPerMs;
    const waitMs = this.#paidAtMs - nowMs;
    if (waitMs <= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#clock.after(waitMs, resolve);
    await promise;
  }
}
