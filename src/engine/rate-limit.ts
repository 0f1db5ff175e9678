import type { Clock } from '@/src/base/clock';
import type { Pace } from '@/src/base/pace';

/** Burst allowed after a pause, in time at the full rate. */
const BURST_MS = 100;

interface Waiting {
  readonly bytes: number;
  readonly go: () => void;
}

/** A token bucket shared by everybody who moves bytes: who finds it empty waits its turn. The rate may change while they wait. */
export class RateLimit implements Pace {
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  #bytesPerSecond: number;
  /** Bytes that may go, as of `#countedAtMs`. */
  #savedBytes: number;
  #countedAtMs: number;
  #cancelTimer: (() => void) | undefined;

  /** @param bytesPerSecond Infinity lets everything through at once */
  constructor(clock: Clock, bytesPerSecond: number) {
    this.#clock = clock;
    this.#bytesPerSecond = bytesPerSecond;
    this.#countedAtMs = clock.now();
    this.#savedBytes = this.#burstBytes;
  }

  get bytesPerSecond(): number {
    return this.#bytesPerSecond;
  }

  set bytesPerSecond(bytesPerSecond: number) {
    if (bytesPerSecond === this.#bytesPerSecond) return;
    this.#count();
    this.#bytesPerSecond = bytesPerSecond;
    this.#savedBytes = Math.min(this.#savedBytes, this.#burstBytes);
    this.#serve();
  }

  async take(bytes: number): Promise<void> {
    if (this.#bytesPerSecond === Number.POSITIVE_INFINITY) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ bytes, go: resolve });
    if (this.#waiting.length === 1) this.#serve();
    await promise;
  }

  get #burstBytes(): number {
    return this.#bytesPerSecond === Number.POSITIVE_INFINITY ? 0 : (this.#bytesPerSecond * BURST_MS) / 1000;
  }

  #count(): void {
    const nowMs = this.#clock.now();
    const earned = ((nowMs - this.#countedAtMs) / 1000) * this.#bytesPerSecond;
    this.#countedAtMs = nowMs;
    // Whoever waits for more than a burst saves up for it.
    const most = Math.max(this.#burstBytes, this.#waiting[0]?.bytes ?? 0);
    this.#savedBytes = Number.isFinite(earned) ? Math.min(most, this.#savedBytes + earned) : 0;
  }

  #serve(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#count();
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined) return;
      const missingBytes = this.#bytesPerSecond === Number.POSITIVE_INFINITY ? 0 : next.bytes - this.#savedBytes;
      // Parts of a byte are not waited for: they come of dividing.
      if (missingBytes >= 1) {
        const waitMs = (missingBytes / this.#bytesPerSecond) * 1000;
        this.#cancelTimer = this.#clock.after(waitMs, () => this.#serve());
        return;
      }
      this.#savedBytes = Math.max(0, this.#savedBytes - next.bytes);
      this.#waiting.shift();
      next.go();
    }
  }
}
