/** How many connections there are, over all transports, by address. */
export class ConnectionCounts {
  readonly #maxPerAddress: number;
  readonly #byAddress = new Map<string, number>();
  #total = 0;

  constructor(maxPerAddress: number) {
    this.#maxPerAddress = maxPerAddress;
  }

  get total(): number {
    return this.#total;
  }

  /** Counts one more, unless its address has as many as it may. */
  enter(addressKey: string): boolean {
    const count = this.#byAddress.get(addressKey) ?? 0;
    if (count >= this.#maxPerAddress) return false;
    this.#byAddress.set(addressKey, count + 1);
    this.#total++;
    return true;
  }

  leave(addressKey: string): void {
    const count = (this.#byAddress.get(addressKey) ?? 0) - 1;
    if (count > 0) this.#byAddress.set(addressKey, count);
    else this.#byAddress.delete(addressKey);
    this.#total--;
  }
}
