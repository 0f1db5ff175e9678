import { sha256 } from '@noble/hashes/sha2.js';
import type { Bytes } from '@/src/base/bytes';
import { heightOf, leafCountOf, rootOf, TREE_HASH_BYTES } from './merkle';
import { BLOCK_UNIT_BYTES } from './peer-messages';
import { type HashState, PieceHasher } from './piece-hasher';

export interface FileHashes {
  readonly piecesRoot: Bytes;
  /** The hash of each piece, 32 bytes each; empty when the file is no longer than a piece: its root is that piece's hash. */
  readonly pieceLayer: Bytes;
}

/** The hash tree of one file (BEP 52) as its bytes are read, in chunks of any size. Holds the hashes of its pieces and of one piece's blocks. */
export class FileHasher {
  readonly #pieceLengthBytes: number;
  readonly #startHash: () => HashState;
  readonly #pieces: Bytes[] = [];
  #leaves: PieceHasher | undefined;
  #lengthBytes = 0;

  constructor(pieceLengthBytes: number, startHash: () => HashState = () => sha256.create()) {
    this.#pieceLengthBytes = pieceLengthBytes;
    this.#startHash = startHash;
  }

  update(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const pieceBytes = this.#lengthBytes % this.#pieceLengthBytes;
      // Only now, since the first piece has a tree of its own height if nothing follows.
      if (pieceBytes === 0) this.#endPiece();
      const part = chunk.subarray(at, at + this.#pieceLengthBytes - pieceBytes);
      this.#leaves ??= new PieceHasher(BLOCK_UNIT_BYTES, this.#startHash, TREE_HASH_BYTES);
      this.#leaves.update(part);
      this.#lengthBytes += part.length;
      at += part.length;
    }
  }

  /** Undefined for an empty file, which has no tree. Nothing may be added after it. */
  finish(): FileHashes | undefined {
    if (this.#lengthBytes === 0) return undefined;
    if (this.#lengthBytes <= this.#pieceLengthBytes) {
      const leaves = this.#leaves?.finish() ?? new Uint8Array(0);
      return { piecesRoot: rootOf(leaves, 0, heightOf(leafCountOf(this.#lengthBytes))), pieceLayer: new Uint8Array(0) };
    }
    this.#endPiece();
    const pieceLayer = new Uint8Array(this.#pieces.length * TREE_HASH_BYTES);
    for (const [piece, hash] of this.#pieces.entries()) pieceLayer.set(hash, piece * TREE_HASH_BYTES);
    return { piecesRoot: rootOf(pieceLayer, this.#pieceHeight, heightOf(this.#pieces.length)), pieceLayer };
  }

  get #pieceHeight(): number {
    return heightOf(leafCountOf(this.#pieceLengthBytes));
  }

  #endPiece(): void {
    if (this.#leaves === undefined) return;
    this.#pieces.push(rootOf(this.#leaves.finish(), 0, this.#pieceHeight));
    this.#leaves = undefined;
  }
}
