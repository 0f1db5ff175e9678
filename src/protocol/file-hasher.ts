import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, type Bytes } from '@/src/base/bytes';
import { heightOf, leafCountOf, rootOf, TREE_HASH_BYTES } from './merkle';
import { BLOCK_UNIT_BYTES } from './peer-messages';
import { type HashState, PieceHasher } from './piece-hasher';

export interface FileHashes {
  readonly piecesRoot: Bytes;
  /** The hash of each piece, 32 bytes each; empty when the file is no longer than a piece: its root is that piece's hash. */
  readonly pieceLayer: Bytes;
}

/** The hash tree of one file (BEP 52) as its bytes are read, in chunks of any size, without holding them. */
export class FileHasher {
  readonly #pieceLengthBytes: number;
  readonly #leaves: PieceHasher;
  #lengthBytes = 0;

  constructor(pieceLengthBytes: number, startHash: () => HashState = () => sha256.create()) {
    this.#pieceLengthBytes = pieceLengthBytes;
    this.#leaves = new PieceHasher(BLOCK_UNIT_BYTES, startHash, TREE_HASH_BYTES);
  }

  update(chunk: Uint8Array): void {
    this.#lengthBytes += chunk.length;
    this.#leaves.update(chunk);
  }

  /** Undefined for an empty file, which has no tree. Nothing may be added after it. */
  finish(): FileHashes | undefined {
    if (this.#lengthBytes === 0) return undefined;
    const leaves = this.#leaves.finish();
    if (this.#lengthBytes <= this.#pieceLengthBytes) {
      return { piecesRoot: rootOf(leaves, 0, heightOf(leafCountOf(this.#lengthBytes))), pieceLayer: new Uint8Array(0) };
    }
    const pieceHeight = heightOf(leafCountOf(this.#pieceLengthBytes));
    const pieceCount = Math.ceil(this.#lengthBytes / this.#pieceLengthBytes);
    const leavesBytes = 2 ** pieceHeight * TREE_HASH_BYTES;
    const pieceLayer = concatBytes(
      ...Array.from({ length: pieceCount }, (_, piece) =>
        rootOf(leaves.subarray(piece * leavesBytes, (piece + 1) * leavesBytes), 0, pieceHeight),
      ),
    );
    return { piecesRoot: rootOf(pieceLayer, pieceHeight, heightOf(pieceCount)), pieceLayer };
  }
}
