import type { Bitfield } from '@/src/base/bitfield';

/** How many linked peers have each piece. */
export class Availability {
  readonly #counts: Uint16Array;

  constructor(pieceCount: number) {
    this.#counts = new Uint16Array(pieceCount);
  }

  of(piece: number): number {
    return this.#counts[piece] ?? 0;
  }

  addPiece(piece: number): void {
    this.#counts[piece] = this.of(piece) + 1;
  }

  dropPiece(piece: number): void {
    this.#counts[piece] = Math.max(0, this.of(piece) - 1);
  }

  addPeer(pieces: Bitfield): void {
    for (let piece = 0; piece < pieces.length; piece++) if (pieces.has(piece)) this.addPiece(piece);
  }

  removePeer(pieces: Bitfield): void {
    for (let piece = 0; piece < pieces.length; piece++) if (pieces.has(piece)) this.dropPiece(piece);
  }
}
