import type { Bytes } from '@/src/base/bytes';
import type { InfoHash } from './ids';

/** One file of a torrent, in the order of the info dictionary. */
export interface TorrentFile {
  readonly index: number;
  /** Path segments below the torrent's name; for a single-file torrent just the name. Hostile text: render as text only. */
  readonly path: readonly string[];
  readonly lengthBytes: number;
  /** Where the file starts in the torrent's run of bytes. */
  readonly offsetBytes: number;
  /** A BEP 47 padding file: zeros, never shown. */
  readonly padding: boolean;
}

/** A verified and validated info dictionary (BEP 3). */
export interface TorrentInfo {
  readonly infoHash: InfoHash;
  /** Hostile text: render as text only, bidi-isolated. */
  readonly name: string;
  readonly pieceLengthBytes: number;
  readonly pieceCount: number;
  readonly totalBytes: number;
  /** SHA-1 of each piece, 20 bytes each, in order. */
  readonly pieceHashes: Bytes;
  readonly files: readonly TorrentFile[];
  readonly isPrivate: boolean;
  /** The info dictionary as it was hashed. */
  readonly infoBytes: Bytes;
}

/** Bytes of one piece; only the last is shorter than the piece length. */
export function pieceSizeBytes(info: Pick<TorrentInfo, 'pieceLengthBytes' | 'totalBytes'>, piece: number): number {
  return Math.min(info.pieceLengthBytes, info.totalBytes - piece * info.pieceLengthBytes);
}

export function pieceHash(info: TorrentInfo, piece: number): Bytes {
  return info.pieceHashes.subarray(piece * 20, piece * 20 + 20);
}
