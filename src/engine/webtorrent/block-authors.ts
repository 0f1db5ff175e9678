import { equalBytes } from '@/src/base/bytes';

interface Block<Author> {
  readonly author: Author;
  readonly offsetBytes: number;
  readonly bytes: Uint8Array;
}

/**
 * Who sent which block of the pieces that are on their way, and of attempts that failed. The library knows neither. Costs no memory as
 * long as nothing fails: the blocks are those that the library holds.
 */
export class BlockAuthors<Author> {
  readonly #current = new Map<number, Map<number, Block<Author>>>();
  readonly #failed = new Map<number, Block<Author>[]>();

  /** Returns whether the block is one that was not here yet. */
  note(author: Author, piece: number, offsetBytes: number, bytes: Uint8Array): boolean {
    const blocks = this.#current.get(piece) ?? new Map<number, Block<Author>>();
    this.#current.set(piece, blocks);
    if (blocks.has(offsetBytes)) return false;
    blocks.set(offsetBytes, { author, offsetBytes, bytes });
    return true;
  }

  receivedBytes(piece: number): number {
    let received = 0;
    for (const { bytes } of this.#current.get(piece)?.values() ?? []) received += bytes.length;
    return received;
  }

  /** Those who had a part in an attempt that failed just now. */
  fail(piece: number): Set<Author> {
    const blocks = [...(this.#current.get(piece)?.values() ?? [])];
    this.#current.delete(piece);
    this.#failed.set(piece, [...(this.#failed.get(piece) ?? []), ...blocks]);
    return new Set(blocks.map(({ author }) => author));
  }

  /** Those whose blocks in failed attempts differ from what has verified now. */
  settle(piece: number, verified: Uint8Array): Set<Author> {
    const liars = (this.#failed.get(piece) ?? [])
      .filter(({ offsetBytes, bytes }) => !equalBytes(bytes, verified.subarray(offsetBytes, offsetBytes + bytes.length)))
      .map(({ author }) => author);
    return new Set(liars);
  }

  forget(piece: number): void {
    this.#current.delete(piece);
    this.#failed.delete(piece);
  }
}
