import { sha1 } from '@noble/hashes/legacy.js';
import { assert } from '@/src/base/assert';
import { type Bytes, concatBytes } from '@/src/base/bytes';

/** A hash in the making; both @noble/hashes and node:crypto (ten times faster, but only in Node) give such objects. */
export interface HashState {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

const SHA1_BYTES = 20;

/** Hashes a torrent's bytes piece by piece as they are read, in chunks of any size, without holding them. */
export class PieceHasher {
  readonly #pieceLengthBytes: number;
  readonly #startHash: () => HashState;
  readonly #hashBytes: number;
  #hashes: Bytes;
  #pieceCount = 0;
  #current: HashState | undefined;
  #currentBytes = 0;

  /** @param hashBytes how long the hashes are that `startHash` begins */
  constructor(pieceLengthBytes: number, startHash: () => HashState = () => sha1.create(), hashBytes = SHA1_BYTES) {
    assert(Number.isSafeInteger(pieceLengthBytes) && pieceLengthBytes > 0, 'a piece has a length');
    this.#pieceLengthBytes = pieceLengthBytes;
    this.#startHash = startHash;
    this.#hashBytes = hashBytes;
    this.#hashes = new Uint8Array(64 * hashBytes);
  }

  update(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + this.#pieceLengthBytes - this.#currentBytes);
      this.#current ??= this.#startHash();
      this.#current.update(part);
      this.#currentBytes += part.length;
      at += part.length;
      if (this.#currentBytes === this.#pieceLengthBytes) this.#endPiece();
    }
  }

  /** The hashes of all pieces, the last of which may be shorter, one after another. Nothing may be added after it. */
  finish(): Bytes {
    this.#endPiece();
    return this.#hashes.slice(0, this.#pieceCount * this.#hashBytes);
  }

  #endPiece(): void {
    if (this.#current === undefined) return;
    const at = this.#pieceCount * this.#hashBytes;
    if (at === this.#hashes.length) this.#hashes = concatBytes(this.#hashes, new Uint8Array(at));
    this.#hashes.set(this.#current.digest(), at);
    this.#pieceCount++;
    this.#current = undefined;
    this.#currentBytes = 0;
  }
}
