import type { Clock } from '@/src/base/clock';

/** Stalls as viewers see them: each player says when its film stands still although it should go on, and when it does so again. */
export class StallMeter {
  /** How many there were, the present ones included. */
  count = 0;
  readonly #clock: Pick<Clock, 'now'>;
  /** By the player that stands still: since when. */
  readonly #sinceMs = new Map<object, number>();
  #overMs = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** How long films have stood still, in ms; those that do so now up to this moment. */
  get totalMs(): number {
    const nowMs = this.#clock.now();
    return Array.from(this.#sinceMs.values()).reduce((sumMs, sinceMs) => sumMs + nowMs - sinceMs, this.#overMs);
  }

  /** @returns whether that is news */
  report(player: object, isStalled: boolean): boolean {
    const sinceMs = this.#sinceMs.get(player);
    if ((sinceMs !== undefined) === isStalled) return false;
    const nowMs = this.#clock.now();
    if (sinceMs === undefined) {
      this.#sinceMs.set(player, nowMs);
      this.count++;
    } else {
      this.#sinceMs.delete(player);
      this.#overMs += nowMs - sinceMs;
    }
    return true;
  }
}
