import browser from './own-browser';

/**
 * In place of WXT's context of a content script, in the script that every page loads (wxt.config.ts): of it this is what that script uses. An
 * update of the extension leaves the script of a page behind as an orphan, which notices when it is asked.
 */
export class ContentScriptContext {
  readonly #life = new AbortController();

  get signal(): AbortSignal {
    return this.#life.signal;
  }

  get isInvalid(): boolean {
    if (browser.runtime?.id === undefined) this.#life.abort();
    return this.signal.aborted;
  }

  onInvalidated(callback: () => void): void {
    this.signal.addEventListener('abort', callback, { once: true });
  }
}
