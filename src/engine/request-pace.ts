import type { Pace } from '@/src/base/pace';
import { MAX_BLOCK_BYTES } from '@/src/protocol/peer-messages';

/** Taken at once, in time at the full rate: more at a time costs fewer timers, less is smoother. */
const STEP_MS = 50;
const SMALLEST_STEP_BYTES = 16 * 1024;
const LARGEST_STEP_BYTES = 256 * 1024;

/**
 * Bytes that may be asked for: what was asked for comes, so that limiting requests limits what is received. It takes from the limit step by
 * step, in turn with everybody else who does.
 */
export class RequestPace {
  readonly #pace: Pace;
  readonly #onMore: () => void;
  #savedBytes = 0;
  #isWaiting = false;

  /** @param onMore more may be asked for than before */
  constructor(pace: Pace, onMore: () => void) {
    this.#pace = pace;
    this.#onMore = onMore;
  }

  /** Infinity without a limit. */
  get availableBytes(): number {
    return this.#isLimited ? this.#savedBytes : Number.POSITIVE_INFINITY;
  }

  /** As much of it is for what is urgent alone: else whoever is asked first for anything would leave nothing for it. */
  get urgentBytes(): number {
    return this.#isLimited ? MAX_BLOCK_BYTES : 0;
  }

  spend(bytes: number): void {
    if (!this.#isLimited) return;
    this.#savedBytes -= bytes;
    this.#refill();
  }

  /** Of what was asked for so much will not come. */
  refund(bytes: number): void {
    if (this.#isLimited) this.#savedBytes = Math.min(this.#mostBytes, this.#savedBytes + bytes);
  }

  /** Somebody could be asked for more than is available. */
  want(): void {
    if (this.#isLimited) this.#refill();
  }

  get #isLimited(): boolean {
    return this.#pace.bytesPerSecond !== Number.POSITIVE_INFINITY;
  }

  get #stepBytes(): number {
    return Math.min(LARGEST_STEP_BYTES, Math.max(SMALLEST_STEP_BYTES, Math.round((this.#pace.bytesPerSecond * STEP_MS) / 1000)));
  }

  /** A block for what is not urgent besides what is kept for what is. */
  get #mostBytes(): number {
    return 2 * MAX_BLOCK_BYTES + this.#stepBytes;
  }

  #refill(): void {
    if (this.#isWaiting || this.#savedBytes >= 2 * MAX_BLOCK_BYTES) return;
    void this.#takeStep();
  }

  async #takeStep(): Promise<void> {
    this.#isWaiting = true;
    const stepBytes = this.#stepBytes;
    await this.#pace.take(stepBytes);
    this.#isWaiting = false;
    this.#savedBytes += stepBytes;
    this.#onMore();
  }
}
