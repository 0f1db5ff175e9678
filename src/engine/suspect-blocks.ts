import { equalBytes, type Bytes } from '@/src/base/bytes';
import { TREE_HASH_BYTES } from '@/src/protocol/merkle';
import { BLOCK_UNIT_BYTES } from '@/src/protocol/peer-messages';
import type { Peer } from './peer';

export interface AuthoredBlock {
  readonly author: Peer;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

export interface Judgement {
  readonly liars: ReadonlySet<Peer>;
  readonly cleared: ReadonlySet<Peer>;
}

/**
 * What the authors of failed pieces sent, block by block, until each piece is known and shows which of them lied (SPEC B6). Keeps
 * digests, not bytes; how many is bounded by the strikes each failure costs its authors.
 */
export class SuspectBlocks {
  readonly #hash: (bytes: Bytes) => Promise<Uint8Array>;
  readonly #byPiece = new Map<number, { readonly block: AuthoredBlock; readonly digest: Uint8Array }[]>();

  constructor(hash: (bytes: Bytes) => Promise<Uint8Array>) {
    this.#hash = hash;
  }

  async remember(piece: number, bytes: Bytes, blocks: readonly AuthoredBlock[]): Promise<void> {
    const suspects = await Promise.all(blocks.map(async (block) => ({ block, digest: await this.#digest(bytes, block) })));
    this.#byPiece.set(piece, [...(this.#byPiece.get(piece) ?? []), ...suspects]);
  }

  /** The authors of blocks that differ from the verified piece, and those whose blocks were all right. Forgets the piece. */
  judge(piece: number, verified: Bytes): Promise<Judgement> {
    return this.#judge(piece, (block) => this.#digest(verified, block));
  }

  /** The same before the piece is known, by the right hashes of its blocks of 16 KiB; `hash` has to give such hashes. */
  judgeByLeaves(piece: number, leaves: Bytes): Promise<Judgement> {
    return this.#judge(piece, async ({ offsetBytes, lengthBytes }) => {
      const [first, end] = [offsetBytes, offsetBytes + lengthBytes].map((at) => Math.ceil(at / BLOCK_UNIT_BYTES) * TREE_HASH_BYTES);
      return leaves.subarray(first, end);
    });
  }

  async #judge(piece: number, rightDigest: (block: AuthoredBlock) => Promise<Uint8Array>): Promise<Judgement> {
    const suspects = this.#byPiece.get(piece) ?? [];
    this.#byPiece.delete(piece);
    const liars = new Set<Peer>();
    for (const { block, digest } of suspects) {
      if (!equalBytes(digest, await rightDigest(block))) liars.add(block.author);
    }
    return { liars, cleared: new Set(suspects.flatMap(({ block }) => (liars.has(block.author) ? [] : block.author))) };
  }

  #digest(bytes: Bytes, { offsetBytes, lengthBytes }: AuthoredBlock): Promise<Uint8Array> {
    return this.#hash(bytes.slice(offsetBytes, offsetBytes + lengthBytes));
  }
}
