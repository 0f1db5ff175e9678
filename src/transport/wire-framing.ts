import type { Bytes } from '@/src/base/bytes';

/** A message that no honest peer sends. */
export class WireOffence extends Error {}

export const HANDSHAKE_BYTES = 68;
const LENGTH_BYTES = 4;

export interface WireJudge {
  /** @param handshake all 68 bytes. @throws {WireOffence} */
  handshake(handshake: Bytes): void;
  /**
   * How much of a message, its type included, has to be seen to judge it; that much is held until it is there.
   *
   * @param lengthBytes without the prefix, at least 1. @throws {WireOffence}
   */
  headBytes(type: number, lengthBytes: number): number;
  /** @param head as many bytes as asked for, the type first. @throws {WireOffence} */
  message(head: Bytes, lengthBytes: number): 'forward' | 'skip';
}

/**
 * Cuts a BitTorrent stream (BEP 3) into messages. What need not be seen whole passes through by reference, so the price of a block is that
 * of its 13-byte head.
 */
export class WireFraming {
  readonly #judge: WireJudge;
  readonly #forward: (chunk: Bytes) => void;
  #hasHandshake = false;
  /** Bytes to see before anything is decided. */
  #neededBytes = HANDSHAKE_BYTES;
  #held = new Uint8Array(HANDSHAKE_BYTES);
  #heldBytes = 0;
  #bodyBytesLeft = 0;
  #isSkipping = false;

  constructor(judge: WireJudge, forward: (chunk: Bytes) => void) {
    this.#judge = judge;
    this.#forward = forward;
  }

  /** Whether something may be put into the stream here. */
  get isBetweenMessages(): boolean {
    return this.#hasHandshake && this.#heldBytes === 0 && this.#bodyBytesLeft === 0;
  }

  /** @throws {WireOffence} after which nothing more may be pushed */
  push(chunk: Bytes): void {
    let at = 0;
    let forwardedTo = 0;
    const forwardTo = (end: number): void => {
      if (end > forwardedTo) this.#forward(chunk.subarray(forwardedTo, end));
    };
    while (at < chunk.length) {
      if (this.#bodyBytesLeft > 0) {
        const taken = Math.min(this.#bodyBytesLeft, chunk.length - at);
        this.#bodyBytesLeft -= taken;
        at += taken;
        if (this.#isSkipping) forwardedTo = at;
      } else if (this.#heldBytes === 0 && chunk.length - at >= this.#neededBytes) {
        const head = chunk.subarray(at, at + this.#neededBytes);
        if (!this.#decide(head)) continue;
        if (this.#isSkipping) forwardTo(at);
        at += head.length;
        if (this.#isSkipping) forwardedTo = at;
      } else {
        forwardTo(at);
        const taken = this.#hold(chunk.subarray(at, at + this.#neededBytes - this.#heldBytes));
        at += taken;
        forwardedTo = at;
        if (this.#heldBytes === this.#neededBytes) this.#decideHeld();
      }
    }
    forwardTo(chunk.length);
  }

  #hold(part: Bytes): number {
    if (this.#held.length < this.#neededBytes) {
      const larger = new Uint8Array(this.#neededBytes);
      larger.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = larger;
    }
    this.#held.set(part, this.#heldBytes);
    this.#heldBytes += part.length;
    return part.length;
  }

  #decideHeld(): void {
    const head = this.#held.subarray(0, this.#heldBytes);
    if (!this.#decide(head)) return;
    if (!this.#isSkipping) this.#forward(head);
    this.#held = new Uint8Array(HANDSHAKE_BYTES);
    this.#heldBytes = 0;
  }

  /** Returns false when more of the message has to be seen; else its body, if any is left, follows. */
  #decide(head: Bytes): boolean {
    this.#isSkipping = false;
    if (!this.#hasHandshake) {
      this.#judge.handshake(head);
      this.#hasHandshake = true;
      this.#neededBytes = LENGTH_BYTES;
      return true;
    }
    const lengthBytes = uint32(head, 0);
    const type = head[LENGTH_BYTES];
    if (lengthBytes > 0) {
      const neededBytes = LENGTH_BYTES + (type === undefined ? 1 : this.#judge.headBytes(type, lengthBytes));
      if (head.length < neededBytes) {
        this.#neededBytes = neededBytes;
        return false;
      }
      this.#isSkipping = this.#judge.message(head.subarray(LENGTH_BYTES), lengthBytes) === 'skip';
      this.#bodyBytesLeft = LENGTH_BYTES + lengthBytes - head.length;
    }
    this.#neededBytes = LENGTH_BYTES;
    return true;
  }
}

/** Big-endian and unsigned: WebTorrent reads lengths from 2^31 on as negative ones. */
export function uint32(bytes: Bytes, at: number): number {
  return (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;
}
