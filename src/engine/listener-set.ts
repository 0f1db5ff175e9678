/** Listeners that leave with their signal. A listener that leaves while others are told is not told any more. */
export class ListenerSet<Facts extends unknown[]> {
  readonly #listeners = new Set<(...facts: Facts) => void>();

  add(listener: (...facts: Facts) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    // A function of its own, so that the same listener may be added twice.
    const added = (...facts: Facts): void => listener(...facts);
    this.#listeners.add(added);
    signal.addEventListener('abort', () => this.#listeners.delete(added), { once: true });
  }

  tell(...facts: Facts): void {
    for (const listener of this.#listeners) listener(...facts);
  }
}
