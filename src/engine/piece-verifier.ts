import { equalBytes, type Bytes } from '@/src/base/bytes';
import { leafHashes, rootOf } from '@/src/protocol/merkle';
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
