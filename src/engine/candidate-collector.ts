import type { Clock } from '@/src/base/clock';

/** Descriptions wait no longer for candidates: a STUN server has answered by then, or there is none. */
const CAP_MS = 300;
/** A machine's own candidates come within some ms of each other, and in batches 50 ms apart. */
const QUIET_MS = 60;

/** Gathers what would trickle, for a carrier that passes on one message. */
export class CandidateCollector {
  readonly #clock: Clock;
  readonly #asksServers: boolean;
  readonly #batches: string[] = [];
  #settle: (() => void) | undefined;
  #cancel: (() => void) | undefined;

  /** @param asksServers whether the connection asks STUN or TURN servers: their candidates are worth waiting for */
  constructor(clock: Clock, asksServers: boolean) {
    this.#clock = clock;
    this.#asksServers = asksServers;
  }

  readonly add = (batch: string): void => {
    this.#batches.push(batch);
    if (/ typ (?:srflx|relay)\b/.test(batch)) this.#settle?.();
    else if (!this.#asksServers) this.#waitAtMost(QUIET_MS);
  };

  /** Resolves at the first candidate of a server, soon after the last of the machine's own where no server is asked, or at the cap. */
  async collect(): Promise<readonly string[]> {
    const settled = Promise.withResolvers<void>();
    this.#settle = settled.resolve;
    this.#waitAtMost(CAP_MS);
    await settled.promise;
    this.#cancel?.();
    return [...this.#batches];
  }

  #waitAtMost(delayMs: number): void {
    const settle = this.#settle;
    if (settle === undefined) return;
    this.#cancel?.();
    this.#cancel = this.#clock.after(delayMs, settle);
  }
}
