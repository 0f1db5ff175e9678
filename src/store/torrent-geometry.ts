import type { Bitfield } from '@/src/base/bitfield';
import { assert } from '@/src/base/assert';
import { pieceSizeBytes, type TorrentInfo } from '@/src/protocol/torrent-info';
import { StoreError } from './chunk-store';

/** What a store has to know of a torrent to keep its pieces; small enough to send to a worker. */
export type TorrentGeometry = Pick<
  TorrentInfo,
  'infoHash' | 'pieceLengthBytes' | 'pieceCount' | 'totalBytes' | 'infoBytes' | 'shortPieces'
>;

/** Bytes of the pieces that are set. */
export function heldBytes(geometry: Pick<TorrentGeometry, 'pieceLengthBytes' | 'totalBytes' | 'shortPieces'>, held: Bitfield): number {
  let missingBytes = 0;
  for (const piece of [...(geometry.shortPieces?.keys() ?? []), held.length - 1]) {
    if (held.has(piece)) missingBytes += geometry.pieceLengthBytes - pieceSizeBytes(geometry, piece);
  }
  return held.count * geometry.pieceLengthBytes - missingBytes;
}

/** What held pieces take of a medium that keeps `piecesPerUnit` of them together and gives room back from the end of a unit. */
export function roomBytes(
  geometry: Pick<TorrentGeometry, 'pieceLengthBytes' | 'totalBytes' | 'shortPieces'>,
  held: Bitfield,
  piecesPerUnit: number,
): number {
  let total = 0;
  for (let first = 0; first < held.length; first += piecesPerUnit) total += unitRoomBytes(geometry, held, piecesPerUnit, first);
  return total;
}

/** The same of one unit, by its first piece. */
export function unitRoomBytes(
  geometry: Pick<TorrentGeometry, 'pieceLengthBytes' | 'totalBytes' | 'shortPieces'>,
  held: Bitfield,
  piecesPerUnit: number,
  first: number,
): number {
  let end = Math.min(first + piecesPerUnit, held.length);
  while (end > first && !held.has(end - 1)) end--;
  return end === first ? 0 : (end - 1 - first) * geometry.pieceLengthBytes + pieceSizeBytes(geometry, end - 1);
}

/** The engine hands over whole pieces; anything else is a mistake of ours. */
export function assertPiece(geometry: TorrentGeometry, piece: number, bytes: Uint8Array): void {
  assert(Number.isInteger(piece) && piece >= 0 && piece < geometry.pieceCount, 'the piece is one of the torrent');
  assert(bytes.length === pieceSizeBytes(geometry, piece), 'a piece is written whole');
}

export function assertRun(geometry: TorrentGeometry, offsetBytes: number, lengthBytes: number): void {
  assert(Number.isSafeInteger(offsetBytes) && Number.isSafeInteger(lengthBytes), 'a run is counted in whole bytes');
  assert(offsetBytes >= 0 && lengthBytes >= 0 && offsetBytes + lengthBytes <= geometry.totalBytes, 'the run is inside the torrent');
}

/** @throws {StoreError} `missing` when the run touches a piece that is not set. */
export function requireHeld(geometry: TorrentGeometry, held: Bitfield, offsetBytes: number, lengthBytes: number): void {
  if (lengthBytes === 0) return;
  const last = Math.floor((offsetBytes + lengthBytes - 1) / geometry.pieceLengthBytes);
  for (let piece = Math.floor(offsetBytes / geometry.pieceLengthBytes); piece <= last; piece++) {
    if (!held.has(piece)) throw new StoreError('missing', `Piece ${piece} is not stored yet; wait for it to be downloaded.`);
  }
}
