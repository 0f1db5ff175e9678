import type { Clock } from '@/src/base/clock';

/** Long enough for the next film of an evening, short enough not to hold a profile's memory for nothing. */
export const IDLE_AFTER_MS = 60_000;

export interface IdleWatchOptions {
  readonly clock: Clock;
  readonly idleAfterMs: number;
  /** Called once: no page is connected and no session is open, and has not been for that long. */
  onIdle(): void;
}

/** Tells when nobody needs the engine any more. */
export class IdleWatch {
  readonly #options: IdleWatchOptions;
  #pages = 0;
  #sessions = 0;
  #cancel: (() => void) | undefined;

  constructor(options: IdleWatchOptions) {
    this.#options = options;
    this.#check();
  }

  /** A page is here until its signal aborts. */
  addPage(signal: AbortSignal): void {
    this.#pages++;
    this.#check();
    signal.addEventListener('abort', () => {
      this.#pages--;
      this.#check();
    });
  }

  setSessions(count: number): void {
    this.#sessions = count;
    this.#check();
  }

  #check(): void {
    const idle = this.#pages === 0 && this.#sessions === 0;
    if (!idle) {
      this.#cancel?.();
      this.#cancel = undefined;
      return;
    }
    this.#cancel ??= this.#options.clock.after(this.#options.idleAfterMs, () => this.#options.onIdle());
  }
}
