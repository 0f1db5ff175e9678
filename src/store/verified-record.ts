import { sha256 } from '@noble/hashes/sha2.js';
import { Bitfield } from '@/src/base/bitfield';
import { equalBytes, type Bytes } from '@/src/base/bytes';
import type { TorrentGeometry } from './torrent-geometry';

/**
 * The file that says which pieces are durable: two slots written in turn, each with a sequence number and a checksum. A write torn by
 * a crash spoils one slot and leaves the other, so only what the last commit added has to be downloaded again.
 */
export interface VerifiedRecord {
  readonly sequence: number;
  readonly pieceLengthBytes: number;
  readonly totalBytes: number;
  /** Records made for another way to lay out files do not fit: the bytes would be looked for in the wrong place. */
  readonly layoutTag: number;
  readonly verified: Bitfield;
  /** Of these: the ones to be trusted after a crash without verifying them again. */
  readonly proven: Bitfield;
}

const MAGIC = 0x4c53_5632;
const HEADER_BYTES = 24;
const CHECKSUM_BYTES = 32;
/** No disk sector or page belongs to both slots. */
const SLOT_ALIGNMENT_BYTES = 4096;

export function slotBytes(pieceCount: number): number {
  const usedBytes = HEADER_BYTES + 2 * Math.ceil(pieceCount / 8) + CHECKSUM_BYTES;
  return Math.ceil(usedBytes / SLOT_ALIGNMENT_BYTES) * SLOT_ALIGNMENT_BYTES;
}

export function encodeSlot(record: VerifiedRecord): Bytes {
  const slot = new Uint8Array(slotBytes(record.verified.length));
  const header = new DataView(slot.buffer);
  header.setUint32(0, MAGIC);
  header.setUint32(4, record.sequence);
  header.setUint32(8, record.layoutTag);
  header.setUint32(12, record.pieceLengthBytes);
  header.setFloat64(16, record.totalBytes);
  slot.set(record.verified.bytes, HEADER_BYTES);
  slot.set(record.proven.bytes, HEADER_BYTES + record.verified.bytes.length);
  const end = HEADER_BYTES + 2 * record.verified.bytes.length;
  slot.set(sha256(slot.subarray(0, end)), end);
  return slot;
}

/** The newer of the slots that are whole; undefined when neither is. */
export function decodeVerified(file: Bytes): VerifiedRecord | undefined {
  if (file.length === 0 || file.length % (2 * SLOT_ALIGNMENT_BYTES) !== 0) return undefined;
  const first = decodeSlot(file.subarray(0, file.length / 2));
  const second = decodeSlot(file.subarray(file.length / 2));
  if (first === undefined || second === undefined) return first ?? second;
  return first.sequence > second.sequence ? first : second;
}

/** Whether a record was made for this very torrent, kept this very way. */
export function fitsTorrent(record: VerifiedRecord, geometry: TorrentGeometry, layoutTag: number): boolean {
  return (
    record.layoutTag === layoutTag && record.pieceLengthBytes === geometry.pieceLengthBytes && record.totalBytes === geometry.totalBytes
  );
}

function decodeSlot(slot: Bytes): VerifiedRecord | undefined {
  const header = new DataView(slot.buffer, slot.byteOffset, slot.byteLength);
  const pieceLengthBytes = header.getUint32(12);
  const totalBytes = header.getFloat64(16);
  if (header.getUint32(0) !== MAGIC || pieceLengthBytes === 0 || !Number.isSafeInteger(totalBytes) || totalBytes < 0) return undefined;
  const pieceCount = Math.ceil(totalBytes / pieceLengthBytes);
  const bitfieldBytes = Math.ceil(pieceCount / 8);
  const end = HEADER_BYTES + 2 * bitfieldBytes;
  if (slot.length !== slotBytes(pieceCount)) return undefined;
  if (!equalBytes(sha256(slot.subarray(0, end)), slot.subarray(end, end + CHECKSUM_BYTES))) return undefined;
  const verified = Bitfield.from(slot.subarray(HEADER_BYTES, HEADER_BYTES + bitfieldBytes), pieceCount);
  const proven = Bitfield.from(slot.subarray(HEADER_BYTES + bitfieldBytes, end), pieceCount);
  if (verified === undefined || proven === undefined) return undefined;
  return { sequence: header.getUint32(4), layoutTag: header.getUint32(8), pieceLengthBytes, totalBytes, verified, proven };
}
