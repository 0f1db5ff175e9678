/** Ends what the demo began, last things first, whatever it is that ends the demo. */
export class Teardown {
  readonly #releases: (() => Promise<unknown>)[] = [];
  readonly #ended = new AbortController();
  #ending: Promise<void> = Promise.resolve();

  /** Aborts when the end begins: nothing new is started from then on. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /**
   * Hands over what has just been begun.
   * @throws {DOMException} AbortError when the demo is ending already; the thing is ended with it
   */
  own(release: () => Promise<unknown>): void {
    this.#releases.push(release);
    this.signal.throwIfAborted();
  }

  /** Resolves once everything handed over so far has ended. May be called again for what came late. */
  end(): Promise<void> {
    this.#ended.abort();
    this.#ending = this.#ending.then(() => this.#releaseAll());
    return this.#ending;
  }

  async #releaseAll(): Promise<void> {
    for (let release = this.#releases.pop(); release !== undefined; release = this.#releases.pop()) {
      try {
        await release();
      } catch (error) {
        // A browser that the person closed, for example; the rest has to end all the same.
        console.error(`While cleaning up: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}
