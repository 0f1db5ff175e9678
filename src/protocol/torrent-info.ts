import { fromHex, toHex, type Bytes } from '@/src/base/bytes';
import { ID_BYTES, type InfoHash, type InfoHashV2 } from './ids';

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
  /** Root of the file's hash tree (BEP 52), 32 bytes; v2 and hybrid torrents, files that are not empty. */
  readonly piecesRoot?: Bytes;
}

/**
 * A verified and validated info dictionary: v1 (BEP 3), v2 (BEP 52) or both at once (hybrid). All three have one run of bytes that is cut
 * into pieces. In a v2 torrent every file begins with a piece; the space in between is padding files that the dictionary does not list,
 * as a hybrid one lists them for v1, and no piece holds it: the last piece of a file is shorter.
 */
export interface TorrentInfo {
  /** By which it was asked for: what its session and its stored pieces go by. */
  readonly infoHash: InfoHash;
  /** SHA-1 of the dictionary, of v1 and hybrid torrents. Left out: `infoHash`, unless the torrent is v2 only. */
  readonly infoHashV1?: InfoHash;
  /** SHA-256 of the dictionary, of v2 and hybrid torrents. */
  readonly infoHashV2?: InfoHashV2;
  /** Hostile text: render as text only, bidi-isolated. */
  readonly name: string;
  readonly pieceLengthBytes: number;
  readonly pieceCount: number;
  readonly totalBytes: number;
  /** SHA-1 of each piece, 20 bytes each, in order; empty when the torrent is v2 only. */
  readonly pieceHashes: Bytes;
  /** Sizes of the pieces that end with their file before the next one begins; v2 only. */
  readonly shortPieces?: ReadonlyMap<number, number>;
  readonly files: readonly TorrentFile[];
  readonly isPrivate: boolean;
  /** The info dictionary as it was hashed. */
  readonly infoBytes: Bytes;
}

/** Bytes of one piece; only the last of the torrent, or of a file of a v2 torrent, is shorter than the piece length. */
export function pieceSizeBytes(info: Pick<TorrentInfo, 'pieceLengthBytes' | 'totalBytes' | 'shortPieces'>, piece: number): number {
  return info.shortPieces?.get(piece) ?? Math.min(info.pieceLengthBytes, info.totalBytes - piece * info.pieceLengthBytes);
}

export function pieceHash(info: TorrentInfo, piece: number): Bytes {
  return info.pieceHashes.subarray(piece * 20, piece * 20 + 20);
}

/** Whether its pieces are known by hash trees alone, and it has no swarm among v1 programs. */
export function isV2Only(info: Pick<TorrentInfo, 'infoHashV1' | 'infoHashV2'>): boolean {
  return info.infoHashV2 !== undefined && info.infoHashV1 === undefined;
}

/** What stands for a v2 info hash wherever 20 bytes are meant (BEP 52): its first 20. */
export function truncateHash(infoHash: InfoHashV2): InfoHash {
  return toHex(fromHex(infoHash).subarray(0, ID_BYTES)) as InfoHash;
}

/** SPEC S2, S5: the canonical info hash first, then the other one of a hybrid torrent. */
export function swarmHashes(info: Pick<TorrentInfo, 'infoHash' | 'infoHashV1' | 'infoHashV2'>): readonly InfoHash[] {
  const { infoHash, infoHashV1, infoHashV2 } = info;
  if (infoHashV2 === undefined) return [infoHash];
  const short = truncateHash(infoHashV2);
  return infoHashV1 === undefined ? [short] : [infoHashV1, short];
}
