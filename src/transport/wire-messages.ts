import { uint32 } from './wire-framing';
import type { Bytes } from '@/src/base/bytes';

/** Message types of BEP 3, 5, 6 and 10. */
export const WIRE = {
  choke: 0,
  unchoke: 1,
  interested: 2,
  notInterested: 3,
  have: 4,
  bitfield: 5,
  request: 6,
  piece: 7,
  cancel: 8,
  port: 9,
  suggest: 13,
  haveAll: 14,
  haveNone: 15,
  reject: 16,
  allowedFast: 17,
  extended: 20,
} as const;

export const EXACT_LENGTHS: ReadonlyMap<number, number> = new Map([
  [WIRE.choke, 1],
  [WIRE.unchoke, 1],
  [WIRE.interested, 1],
  [WIRE.notInterested, 1],
  [WIRE.have, 5],
  [WIRE.request, 13],
  [WIRE.cancel, 13],
  [WIRE.port, 3],
  [WIRE.suggest, 5],
  [WIRE.haveAll, 1],
  [WIRE.haveNone, 1],
  [WIRE.reject, 13],
  [WIRE.allowedFast, 5],
]);

/** Of a block message, before the block: type, piece, offset. */
export const PIECE_HEAD_BYTES = 9;
/** What a block message has besides the block, its length prefix included. */
export const PIECE_OVERHEAD_BYTES = 4 + PIECE_HEAD_BYTES;
/** Of an extension's message, before its payload: type, extension id. */
export const EXTENDED_HEAD_BYTES = 2;

export interface Block {
  readonly piece: number;
  readonly offset: number;
  readonly lengthBytes: number;
}

/** Of a request, a cancel or a reject. */
export function readBlock(message: Bytes): Block {
  return { piece: uint32(message, 1), offset: uint32(message, 5), lengthBytes: uint32(message, 9) };
}

/** @param bytes of one message or several, the length prefix first */
export function isHave(bytes: Bytes): boolean {
  return bytes.length === 9 && uint32(bytes, 0) === 5 && bytes[4] === WIRE.have;
}

/** BEP 6, with its length prefix. */
export function rejectMessage({ piece, offset, lengthBytes }: Block): Bytes {
  const message = new Uint8Array(17);
  const view = new DataView(message.buffer);
  view.setUint32(0, 13);
  view.setUint8(4, WIRE.reject);
  view.setUint32(5, piece);
  view.setUint32(9, offset);
  view.setUint32(13, lengthBytes);
  return message;
}
