/** Keeps what arrives until a test asks for it. */
export class Mailbox<Item> {
  readonly #items: Item[] = [];
  readonly #waiting: Array<() => void> = [];

  readonly put = (item: Item): void => {
    this.#items.push(item);
    for (const wake of this.#waiting.splice(0)) wake();
  };

  /** What has arrived and was not taken. */
  get pending(): readonly Item[] {
    return this.#items;
  }

  /** Takes the first item that fits, waiting for it if need be. */
  async take(fits: (item: Item) => boolean = () => true): Promise<Item> {
    for (;;) {
      const index = this.#items.findIndex(fits);
      const [item] = index < 0 ? [] : this.#items.splice(index, 1);
      if (item !== undefined) return item;
      await new Promise<void>((wake) => this.#waiting.push(wake));
    }
  }
}
