import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

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

/** Budgets over fixed windows, by connection and by address. */
export class RateLimits {
  readonly #byConnection: RateLimiterMemory;
  readonly #byAddress: RateLimiterMemory;
  readonly #connects: RateLimiterMemory;

  constructor({ rateWindowSeconds, pointsPerConnection, pointsPerAddress, connectsPerAddressPerMinute }: RateBudgets) {
    this.#byConnection = new RateLimiterMemory({ points: pointsPerConnection, duration: rateWindowSeconds });
    this.#byAddress = new RateLimiterMemory({ points: pointsPerAddress, duration: rateWindowSeconds });
    this.#connects = new RateLimiterMemory({ points: connectsPerAddressPerMinute, duration: 60 });
  }

  /** What its own connection's budget refuses is not charged to the address, where others may be behind it. */
  async message(connectionKey: string, addressKey: string, points: number): Promise<Admission> {
    const admission = await spend(this.#byConnection, connectionKey, points);
    return admission === 'admitted' ? spend(this.#byAddress, addressKey, points) : admission;
  }

  async connect(addressKey: string): Promise<boolean> {
    return (await spend(this.#connects, addressKey, 1)) === 'admitted';
  }

  async forget(connectionKey: string): Promise<void> {
    await this.#byConnection.delete(connectionKey);
  }
}

async function spend(limiter: RateLimiterMemory, key: string, points: number): Promise<Admission> {
  try {
    await limiter.consume(key, points);
    return 'admitted';
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return refusal.consumedPoints > limiter.points * CUT_FACTOR ? 'cut' : 'throttled';
  }
}
