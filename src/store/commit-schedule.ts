import { StoreError } from './chunk-store';

/** Calls back once after a delay; returns how to call it off. */
export type StartTimer = (run: () => void, delayMs: number) => () => void;

export interface CommitOptions {
  /** How long a written piece may wait for its commit. Default 1000. */
  readonly commitDelayMs?: number;
  /** That much uncommitted data is committed at once, so that a fast download never leaves a long flush behind. Default 16 MiB. */
  readonly commitBytes?: number;
  readonly startTimer?: StartTimer;
}

/** Decides when written pieces are made durable: once for many, late by a second at most, never two commits at a time. */
export class CommitSchedule {
  readonly #commit: () => Promise<void>;
  readonly #delayMs: number;
  readonly #limitBytes: number;
  readonly #startTimer: StartTimer;
  #uncommittedBytes = 0;
  #cancelTimer: (() => void) | undefined;
  #queued: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(commit: () => Promise<void>, options: CommitOptions) {
    this.#commit = commit;
    this.#delayMs = options.commitDelayMs ?? 1000;
    this.#limitBytes = options.commitBytes ?? 16 * 1024 * 1024;
    this.#startTimer = options.startTimer ?? startTimeout;
  }

  /** Takes note of a write. */
  wrote(sizeBytes: number): void {
    this.#uncommittedBytes += sizeBytes;
    if (this.#uncommittedBytes >= this.#limitBytes) this.#commitInBackground();
    else this.#armTimer();
  }

  /** Resolves once what is written by now is committed; joins a commit that has not begun yet. */
  commitNow(): Promise<void> {
    if (this.#queued !== undefined) return this.#queued;
    const run = this.#last.then(() => {
      this.#queued = undefined;
      this.#uncommittedBytes = 0;
      this.stop();
      return this.#commit();
    });
    this.#queued = run;
    this.#last = run.catch(() => undefined);
    return run;
  }

  /** Runs something that must not meet a commit. */
  inTurn(task: () => Promise<void>): Promise<void> {
    const run = this.#last.then(task);
    this.#last = run.catch(() => undefined);
    return run;
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #armTimer(): void {
    this.#cancelTimer ??= this.#startTimer(() => {
      this.#cancelTimer = undefined;
      this.#commitInBackground();
    }, this.#delayMs);
  }

  /** Nobody waits for this one. A full disk may get room again; any other failure is met by the next write, `commit` or `close`. */
  #commitInBackground(): void {
    this.commitNow().catch((error: unknown) => {
      if (error instanceof StoreError && error.code === 'full') this.#armTimer();
    });
  }
}

function startTimeout(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
