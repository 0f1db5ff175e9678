import type { Bytes } from '@/src/base/bytes';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import type { EngineOptions } from './engine-options';
import { PieceLayers, type PieceTarget } from './piece-layers';
import { createPieceVerifier, type PieceVerifier } from './piece-verifier';

/**
 * Verifies pieces by what is stored with them, so that nobody has to be waited for. Rejects for a piece of a v2 torrent whose hash is not.
 * @param hashes as `TorrentChunks.hashesAtOpen`
 */
export function createStoredPieceVerifier(
  info: TorrentInfo,
  engine: Pick<EngineOptions, 'sha1' | 'sha256'>,
  hashes: Bytes | undefined,
): PieceVerifier {
  let layers: PieceLayers | undefined;
  const targetOf = (piece: number): PieceTarget => {
    if (layers === undefined) {
      layers = new PieceLayers(info);
      if (hashes !== undefined) layers.load(hashes);
    }
    const target = layers.targetOf(piece);
    if (target === undefined) throw new Error('the hash of this piece is not stored');
    return target;
  };
  return createPieceVerifier(info, engine, { whenKnown: async (piece) => targetOf(piece) });
}
