/** Connections beside the first that all links of one engine may have together: a browser stops at some hundred. */
export class LaneRoom {
  readonly #most: number;
  #taken = 0;

  /** @param most of all links together, 0 for none */
  constructor(most: number) {
    this.#most = most;
  }

  get left(): number {
    return this.#most - this.#taken;
  }

  /** False when all are taken. */
  take(): boolean {
    if (this.left <= 0) return false;
    this.#taken++;
    return true;
  }

  give(): void {
    this.#taken--;
  }
}
