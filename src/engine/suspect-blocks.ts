import { equalBytes, type Bytes } from '@/src/base/bytes';
import type { Peer } from './peer';

export interface AuthoredBlock {
  readonly author: Peer;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/**
 * What the authors of failed pieces sent, block by block, until each piece is known and shows which of them lied (SPEC B6). Keeps
 * digests, not bytes; how many is bounded by the strikes each failure costs its authors.
 */
export class SuspectBlocks {
  readonly #sha1: (bytes: Bytes) => Promise<Uint8Array>;
  readonly #byPiece = new Map<number, { readonly block: AuthoredBlock; readonly digest: Uint8Array }[]>();

  constructor(sha1: (bytes: Bytes) => Promise<Uint8Array>) {
    this.#sha1 = sha1;
  }

  async remember(piece: number, bytes: Bytes, blocks: readonly AuthoredBlock[]): Promise<void> {
    const suspects = await Promise.all(blocks.map(async (block) => ({ block, digest: await this.#digest(bytes, block) })));
    this.#byPiece.set(piece, [...(this.#byPiece.get(piece) ?? []), ...suspects]);
  }

  /** The authors of blocks that differ from the verified piece, and those whose blocks were all right. Forgets the piece. */
  async judge(piece: number, verified: Bytes): Promise<{ liars: ReadonlySet<Peer>; cleared: ReadonlySet<Peer> }> {
    const suspects = this.#byPiece.get(piece) ?? [];
    this.#byPiece.delete(piece);
    const liars = new Set<Peer>();
    for (const { block, digest } of suspects) {
      if (!equalBytes(digest, await this.#digest(verified, block))) liars.add(block.author);
    }
    return { liars, cleared: new Set(suspects.flatMap(({ block }) => (liars.has(block.author) ? [] : block.author))) };
  }

  #digest(bytes: Bytes, { offsetBytes, lengthBytes }: AuthoredBlock): Promise<Uint8Array> {
    return this.#sha1(bytes.slice(offsetBytes, offsetBytes + lengthBytes));
  }
}
