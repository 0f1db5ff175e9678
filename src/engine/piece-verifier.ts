import { equalBytes, type Bytes } from '@/src/base/bytes';
import { rootOf, TREE_HASH_BYTES } from '@/src/protocol/merkle';
import { BLOCK_UNIT_BYTES } from '@/src/protocol/peer-messages';
import { isV2Only, pieceHash, type TorrentInfo } from '@/src/protocol/torrent-info';
import type { EngineOptions } from './engine-options';
import type { PieceTarget } from './piece-layers';

export type PieceVerifier = (piece: number, bytes: Bytes) => Promise<boolean>;

/** Where the hashes of a v2 torrent's pieces come from. */
export interface PieceTargets {
  /** Resolves once the piece's hash is known, which may take until a peer has told it. */
  whenKnown(piece: number): Promise<PieceTarget>;
}

/**
 * SPEC B5. A hybrid torrent's pieces go by SHA-1 like those of a v1 torrent: all its viewers, and both swarms, must call the same pieces
 * verified, and those who know no v2 cannot tell otherwise.
 */
export function createPieceVerifier(
  info: TorrentInfo,
  engine: Pick<EngineOptions, 'sha1' | 'sha256'>,
  targets: PieceTargets,
): PieceVerifier {
  if (!isV2Only(info)) return async (piece, bytes) => equalBytes(await engine.sha1(bytes), pieceHash(info, piece));
  return async (piece, bytes) => {
    const [leaves, { hash, height }] = await Promise.all([leafHashes(engine, bytes), targets.whenKnown(piece)]);
    return equalBytes(rootOf(leaves, 0, height), hash);
  };
}

/** SHA-256 of each block of 16 KiB, one after another. */
export async function leafHashes(engine: Pick<EngineOptions, 'sha256'>, bytes: Bytes): Promise<Bytes> {
  const count = Math.ceil(bytes.length / BLOCK_UNIT_BYTES);
  const leaves = new Uint8Array(count * TREE_HASH_BYTES);
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const leaf = await engine.sha256(bytes.subarray(index * BLOCK_UNIT_BYTES, (index + 1) * BLOCK_UNIT_BYTES));
      leaves.set(leaf, index * TREE_HASH_BYTES);
    }),
  );
  return leaves;
}
