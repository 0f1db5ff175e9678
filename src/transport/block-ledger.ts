/** Requests that wait for their block. The same block may be asked for more than once. */
export class BlockLedger {
  readonly #maxBlocks: number;
  readonly #counts = new Map<string, number>();
  #blocks = 0;

  /** @param maxBlocks beyond which the oldest are forgotten */
  constructor(maxBlocks = Number.POSITIVE_INFINITY) {
    this.#maxBlocks = maxBlocks;
  }

  get size(): number {
    return this.#blocks;
  }

  add(piece: number, offset: number, lengthBytes: number): void {
    const block = key(piece, offset, lengthBytes);
    this.#counts.set(block, (this.#counts.get(block) ?? 0) + 1);
    this.#blocks++;
    if (this.#blocks <= this.#maxBlocks) return;
    const [oldest] = this.#counts.keys();
    if (oldest !== undefined) this.#remove(oldest);
  }

  /** Returns false when nobody asked for it. */
  take(piece: number, offset: number, lengthBytes: number): boolean {
    return this.#remove(key(piece, offset, lengthBytes));
  }

  clear(): void {
    this.#counts.clear();
    this.#blocks = 0;
  }

  #remove(block: string): boolean {
    const count = this.#counts.get(block);
    if (count === undefined) return false;
    if (count === 1) this.#counts.delete(block);
    else this.#counts.set(block, count - 1);
    this.#blocks--;
    return true;
  }
}

function key(piece: number, offset: number, lengthBytes: number): string {
  return `${piece}:${offset}:${lengthBytes}`;
}
