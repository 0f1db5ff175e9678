import type { Clock } from '@/src/base/clock';
import type { OpenedStream } from '@/src/engine/engine-interface';

/** What one pull of the service worker asks for, and Chromium keeps ahead of the picture (media/blink: ten seconds). */
const PULL_BYTES = 256 * 1024;
const AHEAD_MS = 10_000;
/** So much of the film has to be here before it begins, and before it goes on after a stall. */
const TO_BEGIN_MS = 500;
const TO_GO_ON_MS = 2000;

export interface PlayerOptions {
  readonly clock: Clock;
  readonly stream: OpenedStream;
  /** Of the film. */
  readonly bytesPerMs: number;
  readonly signal: AbortSignal;
  /** The picture is there. */
  onBegin(): void;
  /** The viewer has seen enough. */
  readonly watchesMs: number;
  onSeen(): void;
}

/** A media element: pulls the film ahead of its playhead, begins, runs dry, goes on. */
export class Player {
  stalls = 0;
  stalledMs = 0;
  playedMs = 0;
  readonly #options: PlayerOptions;
  #pulledBytes = 0;
  #isPulling = false;
  /** Since when it plays, and where it was then. */
  #playing: { readonly sinceMs: number; readonly fromMs: number } | undefined;
  #hasBegun = false;
  /** Since when it waits for more, having begun. */
  #drySinceMs: number | undefined;
  #cancelEvent: (() => void) | undefined;
  #cancelPull: (() => void) | undefined;

  constructor(options: PlayerOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.#end());
    this.#pull();
  }

  get #hereMs(): number {
    return this.#pulledBytes / this.#options.bytesPerMs;
  }

  get #isWhole(): boolean {
    return this.#pulledBytes >= this.#options.stream.fileLengthBytes;
  }

  /** Where the picture is. */
  #positionMs(): number {
    const { clock } = this.#options;
    return this.#playing === undefined ? this.playedMs : this.#playing.fromMs + clock.now() - this.#playing.sinceMs;
  }

  #pull(): void {
    const { clock, signal } = this.#options;
    if (this.#isPulling || this.#isWhole || signal.aborted) return;
    const aheadMs = this.#hereMs - this.#positionMs();
    if (aheadMs >= AHEAD_MS) {
      this.#cancelPull?.();
      if (this.#playing !== undefined) this.#cancelPull = clock.after(aheadMs - AHEAD_MS + 1, () => this.#pull());
      return;
    }
    void this.#pullMore();
  }

  async #pullMore(): Promise<void> {
    const { stream, signal } = this.#options;
    this.#isPulling = true;
    try {
      const bytes = await stream.read(PULL_BYTES);
      this.#pulledBytes += bytes.length;
    } catch (error) {
      // A read ends so when the viewer leaves.
      if (!signal.aborted) throw error;
      return;
    } finally {
      this.#isPulling = false;
    }
    this.#onMore();
    this.#pull();
  }

  #onMore(): void {
    if (this.#options.signal.aborted) return;
    if (this.#playing === undefined) {
      const neededMs = this.#hasBegun ? TO_GO_ON_MS : TO_BEGIN_MS;
      if (this.#hereMs - this.playedMs >= neededMs || this.#isWhole) this.#play();
    } else this.#watchEnd();
  }

  #play(): void {
    const nowMs = this.#options.clock.now();
    this.#playing = { sinceMs: nowMs, fromMs: this.playedMs };
    this.#endStall();
    if (!this.#hasBegun) this.#options.onBegin();
    this.#hasBegun = true;
    this.#watchEnd();
  }

  /** What ends playing next: the viewer, or the end of what is here. */
  #watchEnd(): void {
    const { clock, watchesMs } = this.#options;
    this.#cancelEvent?.();
    const untilMs = Math.min(watchesMs, this.#hereMs);
    this.#cancelEvent = clock.after(untilMs - this.#positionMs(), () => {
      if (watchesMs <= this.#hereMs) {
        this.#pause();
        this.#options.onSeen();
      } else this.#runDry();
    });
  }

  #runDry(): void {
    if (this.#isWhole) {
      this.#pause();
      return this.#options.onSeen();
    }
    this.#pause();
    this.stalls++;
    this.#drySinceMs = this.#options.clock.now();
    this.#pull();
  }

  #pause(): void {
    this.playedMs = this.#positionMs();
    this.#playing = undefined;
    this.#cancelPull?.();
  }

  #endStall(): void {
    if (this.#drySinceMs !== undefined) this.stalledMs += this.#options.clock.now() - this.#drySinceMs;
    this.#drySinceMs = undefined;
  }

  #end(): void {
    this.#endStall();
    this.#pause();
    this.#cancelEvent?.();
  }
}
