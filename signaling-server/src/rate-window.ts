/** What one client spent of a budget within a fixed window of time. */
export class RateWindow {
  #endsAtMs = 0;
  #spent = 0;

  /** Spends, and returns all that was spent in this window. */
  spend(points: number, nowMs: number, windowMs: number): number {
    if (nowMs >= this.#endsAtMs) {
      this.#endsAtMs = nowMs + windowMs;
      this.#spent = 0;
    }
    this.#spent += points;
    return this.#spent;
  }

  spentBy(nowMs: number): number {
    return nowMs >= this.#endsAtMs ? 0 : this.#spent;
  }

  /** Nothing that was spent counts any more. */
  isOver(nowMs: number): boolean {
    return nowMs >= this.#endsAtMs;
  }
}
