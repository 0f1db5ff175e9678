/** Requests that wait for their block. The same block may be asked for more than once. */
export class BlockLedger {
  readonly #maxBlocks: number;
  /** When each was asked for; NaN where that is not known. */
  readonly #askedAtMs = new Map<string, number[]>();
  #blocks = 0;

  /** @param maxBlocks beyond which the oldest are forgotten */
  constructor(maxBlocks = Number.POSITIVE_INFINITY) {
    this.#maxBlocks = maxBlocks;
  }

  get size(): number {
    return this.#blocks;
  }

  add(piece: number, offset: number, lengthBytes: number, nowMs: number): void {
    const block = key(piece, offset, lengthBytes);
    const asked = this.#askedAtMs.get(block);
    if (asked === undefined) this.#askedAtMs.set(block, [nowMs]);
    else asked.push(nowMs);
    this.#blocks++;
    if (this.#blocks <= this.#maxBlocks) return;
    const [oldest] = this.#askedAtMs.keys();
    if (oldest !== undefined) this.#remove(oldest);
  }

  /** Returns when it was asked for last; undefined when nobody asked for it. */
  take(piece: number, offset: number, lengthBytes: number): number | undefined {
    return this.#remove(key(piece, offset, lengthBytes));
  }

  clear(): void {
    this.#askedAtMs.clear();
    this.#blocks = 0;
  }

  #remove(block: string): number | undefined {
    const asked = this.#askedAtMs.get(block);
    const lastMs = asked?.pop();
    if (lastMs === undefined) return undefined;
    if (asked?.length === 0) this.#askedAtMs.delete(block);
    this.#blocks--;
    return lastMs;
  }
}

function key(piece: number, offset: number, lengthBytes: number): string {
  return `${piece}:${offset}:${lengthBytes}`;
}
