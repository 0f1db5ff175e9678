import type { Bytes } from '@/src/base/bytes';
import { pieceSizeBytes, type TorrentInfo } from '@/src/protocol/torrent-info';

/** Which pieces a peer of a test has. */
export type HoldsPiece = (piece: number) => boolean;

/** By the name a command line gives them; undefined for a name it does not know. */
export const PIECE_CHOICES: Readonly<Record<string, HoldsPiece>> = {
  all: () => true,
  none: () => false,
  even: (piece) => piece % 2 === 0,
  odd: (piece) => piece % 2 === 1,
  'below-6': (piece) => piece < 6,
  'from-12': (piece) => piece >= 12,
};

/** The film with zeros for every piece that is not held. */
export function heldPart(info: TorrentInfo, film: Bytes, holds: HoldsPiece | undefined): Bytes {
  if (holds === undefined) throw new Error(`--pieces is one of ${Object.keys(PIECE_CHOICES).join(', ')}.`);
  const held = new Uint8Array(film.length);
  for (let piece = 0; piece < info.pieceCount; piece++) {
    const start = piece * info.pieceLengthBytes;
    if (holds(piece)) held.set(film.subarray(start, start + pieceSizeBytes(info, piece)), start);
  }
  return held;
}
