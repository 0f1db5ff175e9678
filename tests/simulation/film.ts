import { createHash } from 'node:crypto';
import type { Bytes } from '@/src/base/bytes';
import { buildInfoDictionary, choosePieceLength } from '@/src/protocol/create-torrent';
import { magnetLink } from '@/src/protocol/magnet';
import { BLOCK_UNIT_BYTES } from '@/src/protocol/peer-messages';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import { SeededRandom } from './seeded-random';

/** In each unit of 16 KiB of a sparse film so many bytes are its own; the others are zeros. */
export const MARK_BYTES = 16;

export interface FilmShape {
  readonly lengthS: number;
  readonly bitsPerSecond: number;
  /** Left out: what Lodestream chooses for a film of that size. */
  readonly pieceLengthBytes?: number;
  /** Whether only lengths travel: of each unit its mark alone is carried and hashed. */
  readonly sparse: boolean;
}

/** What everybody watches, and what liars send in its place. Nobody holds a copy of their own: what is verified is the same for all. */
export interface Film {
  readonly info: TorrentInfo;
  readonly magnet: string;
  readonly bytesPerMs: number;
  readonly sparse: boolean;
  readonly bytes: Bytes;
  readonly lies: Bytes;
  sha1(bytes: Bytes): Promise<Uint8Array>;
}

export function makeFilm({ lengthS, bitsPerSecond, pieceLengthBytes, sparse }: FilmShape, seed: number): Film {
  const lengthBytes = Math.round((lengthS * bitsPerSecond) / 8);
  const pieceBytes = pieceLengthBytes ?? choosePieceLength(lengthBytes);
  const bytes = fill(lengthBytes, sparse, new SeededRandom(seed, 1));
  const hash = sparse ? hashMarks : hashAll;
  const pieceHashes = new Uint8Array(Math.ceil(lengthBytes / pieceBytes) * 20);
  for (let piece = 0; piece * pieceBytes < lengthBytes; piece++) {
    pieceHashes.set(hash(bytes.subarray(piece * pieceBytes, (piece + 1) * pieceBytes)), piece * 20);
  }
  const name = 'film.mp4';
  const info = buildInfoDictionary({
    name,
    files: [{ path: [name], lengthBytes }],
    single: true,
    pieceLengthBytes: pieceBytes,
    pieceHashes,
  });
  return {
    info,
    magnet: magnetLink(info),
    bytesPerMs: bitsPerSecond / 8000,
    sparse,
    bytes,
    lies: fill(lengthBytes, sparse, new SeededRandom(seed, 2)),
    // The info dictionary travels whole.
    sha1: async (bytes) => (bytes.length === info.infoBytes.length ? hashAll(bytes) : hash(bytes)),
  };
}

function fill(lengthBytes: number, sparse: boolean, random: SeededRandom): Bytes {
  if (!sparse) return new Uint8Array(random.bytes(lengthBytes));
  const bytes = new Uint8Array(lengthBytes);
  for (let at = 0; at < lengthBytes; at += BLOCK_UNIT_BYTES) bytes.set(random.bytes(Math.min(MARK_BYTES, lengthBytes - at)), at);
  return bytes;
}

function hashAll(bytes: Uint8Array): Uint8Array {
  return createHash('sha1').update(bytes).digest();
}

/** Stands for SHA-1 where only marks travel: SHA-1 of the marks and the length. */
function hashMarks(bytes: Uint8Array): Uint8Array {
  const hash = createHash('sha1').update(String(bytes.length));
  for (let at = 0; at < bytes.length; at += BLOCK_UNIT_BYTES) hash.update(bytes.subarray(at, at + MARK_BYTES));
  return hash.digest();
}
