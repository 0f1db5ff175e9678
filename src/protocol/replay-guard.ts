import { OFFER_LIFETIME_SECONDS } from './signaling-events';

/** Two messages a second for each of the 50 peers of a session, over the lifetime of an offer, fit ten times. */
const MAX_REMEMBERED = 100_000;

/**
 * Remembers the salts of messages opened in the last `OFFER_LIFETIME_SECONDS`, so that a server cannot deliver one twice. Answers and
 * candidates that come later name an offer that has ended; an offer repeated later costs one negotiation that leads nowhere.
 *
 * When full it forgets the oldest. Only members of the swarm can fill it (a message is remembered once it has opened), and refusing
 * everything instead would let one of them cut off the rest.
 */
export class ReplayGuard {
  readonly #nowMs: () => number;
  readonly #maxRemembered: number;
  /** Salt in hex to the time it was seen; a Map keeps the order of insertion, which is the order of time. */
  readonly #seenAtMs = new Map<string, number>();

  constructor(nowMs: () => number, maxRemembered = MAX_REMEMBERED) {
    this.#nowMs = nowMs;
    this.#maxRemembered = maxRemembered;
  }

  /** Returns whether the salt is new, and remembers it. */
  admit(saltHex: string): boolean {
    const nowMs = this.#nowMs();
    this.#forgetBefore(nowMs - OFFER_LIFETIME_SECONDS * 1000);
    if (this.#seenAtMs.has(saltHex)) return false;
    this.#seenAtMs.set(saltHex, nowMs);
    if (this.#seenAtMs.size > this.#maxRemembered) this.#forgetOldest();
    return true;
  }

  #forgetBefore(limitMs: number): void {
    for (const [saltHex, seenAtMs] of this.#seenAtMs) {
      if (seenAtMs > limitMs) return;
      this.#seenAtMs.delete(saltHex);
    }
  }

  #forgetOldest(): void {
    const oldest = this.#seenAtMs.keys().next();
    if (!oldest.done) this.#seenAtMs.delete(oldest.value);
  }
}
