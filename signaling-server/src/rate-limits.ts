import { RateWindow } from './rate-window';

export interface RateBudgets {
  readonly rateWindowSeconds: number;
  readonly pointsPerConnection: number;
  readonly pointsPerAddress: number;
  readonly connectsPerAddressPerMinute: number;
}

/** `cut` means that the client went on long after being told to wait. */
export type Admission = 'admitted' | 'throttled' | 'cut';

/** A client that was told to wait may ask this often its budget within the window before its connection ends. */
const CUT_FACTOR = 3;
const MINUTE_MS = 60_000;

/** Budgets over fixed windows, by connection and by address. In this process's memory, without a timer or a promise for each message. */
export class RateLimits {
  readonly #budgets: RateBudgets;
  readonly #nowMs: () => number;
  readonly #messages = new Map<string, RateWindow>();
  readonly #connects = new Map<string, RateWindow>();
  #sweepAtMs: number;

  constructor(budgets: RateBudgets, nowMs: () => number) {
    this.#budgets = budgets;
    this.#nowMs = nowMs;
    this.#sweepAtMs = nowMs() + MINUTE_MS;
  }

  /**
   * What its own connection's budget refuses is not charged to the address, where others may be behind it.
   *
   * @param own of the connection alone, kept by whoever keeps the connection
   */
  message(own: RateWindow, addressKey: string, points: number): Admission {
    const { pointsPerConnection, pointsPerAddress, rateWindowSeconds } = this.#budgets;
    const nowMs = this.#nowMs();
    const windowMs = rateWindowSeconds * 1000;
    const admission = judge(own.spend(points, nowMs, windowMs), pointsPerConnection);
    if (admission !== 'admitted') return admission;
    return judge(this.#windowOf(this.#messages, addressKey, nowMs).spend(points, nowMs, windowMs), pointsPerAddress);
  }

  /** Whether the next message will be refused, whatever it is: then it need not be read. */
  isSpent(own: RateWindow, addressKey: string): boolean {
    const { pointsPerConnection, pointsPerAddress } = this.#budgets;
    const nowMs = this.#nowMs();
    return own.spentBy(nowMs) >= pointsPerConnection || (this.#messages.get(addressKey)?.spentBy(nowMs) ?? 0) >= pointsPerAddress;
  }

  connect(addressKey: string): boolean {
    const nowMs = this.#nowMs();
    return this.#windowOf(this.#connects, addressKey, nowMs).spend(1, nowMs, MINUTE_MS) <= this.#budgets.connectsPerAddressPerMinute;
  }

  #windowOf(windows: Map<string, RateWindow>, addressKey: string, nowMs: number): RateWindow {
    if (nowMs >= this.#sweepAtMs) this.#sweep(nowMs);
    let window = windows.get(addressKey);
    if (window === undefined) windows.set(addressKey, (window = new RateWindow()));
    return window;
  }

  /** Addresses that were not heard of for a while take no memory. */
  #sweep(nowMs: number): void {
    this.#sweepAtMs = nowMs + MINUTE_MS;
    for (const windows of [this.#messages, this.#connects]) {
      for (const [addressKey, window] of windows) if (window.isOver(nowMs)) windows.delete(addressKey);
    }
  }
}

function judge(spent: number, budget: number): Admission {
  if (spent <= budget) return 'admitted';
  return spent > budget * CUT_FACTOR ? 'cut' : 'throttled';
}
