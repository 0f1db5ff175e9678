import type { BlockMessage } from '@/src/protocol/peer-messages';

/** Blocks from the start of a piece on, those of the pieces after it included. */
export interface PushedRun {
  readonly piece: number;
  readonly lengthBytes: number;
}

/** What one peer may send unasked (SPEC section N): held, unverified, until the metadata says what it is. */
export class PushInbox {
  #leftBytes: number;
  #run: PushedRun | undefined;
  #held: BlockMessage[] | undefined = [];

  /** @param grantedBytes of what was promised in the offer */
  constructor(grantedBytes: number) {
    this.#leftBytes = grantedBytes;
  }

  get run(): PushedRun | undefined {
    return this.#run;
  }

  /** Nothing has come. */
  get isEmpty(): boolean {
    return this.#held?.length === 0;
  }

  /** Blocks are held; else they go where they belong. */
  get isHolding(): boolean {
    return this.#held !== undefined;
  }

  /** Something is held of which nobody has said what it is. */
  get isUnexplained(): boolean {
    return this.#run === undefined && this.#heldBytes > 0;
  }

  /** False for more than was granted. */
  announce(run: PushedRun): boolean {
    if (this.#run !== undefined || !this.#spend(run.lengthBytes)) return false;
    this.#run = run;
    // What came before is a part of it.
    this.#leftBytes += this.#heldBytes;
    return true;
  }

  /** A part of the dictionary that nobody waits for. False for more than was granted. */
  takePart(lengthBytes: number): boolean {
    return this.#spend(lengthBytes);
  }

  /** False for more than was granted. */
  hold(block: BlockMessage): boolean {
    const runBytes = this.#run?.lengthBytes;
    const { length } = block.payload;
    const fits = runBytes === undefined ? this.#spend(length) : this.#heldBytes + length <= runBytes;
    // The frame belongs to its link.
    if (fits) this.#held?.push({ ...block, payload: block.payload.slice() });
    return fits;
  }

  /** Gives away what is held, and holds no more. */
  take(): readonly BlockMessage[] {
    const held = this.#held ?? [];
    this.#held = undefined;
    return held;
  }

  get #heldBytes(): number {
    return (this.#held ?? []).reduce((bytes, { payload }) => bytes + payload.length, 0);
  }

  #spend(bytes: number): boolean {
    if (bytes > this.#leftBytes) return false;
    this.#leftBytes -= bytes;
    return true;
  }
}
