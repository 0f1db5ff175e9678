import { toHex, fromHex, type Bytes } from '@/src/base/bytes';

/** Frames by which peers pass on hash trees (SPEC section H), as BEP 52 has them. */

/** Names a run of hashes in the tree of one file: `length` is a power of two, `index` a multiple of it. */
export interface HashRange {
  /** The file's pieces root, 64 hex digits: files with the same bytes share a tree. */
  readonly root: string;
  /** Levels above the leaves. */
  readonly layer: number;
  readonly index: number;
  readonly length: number;
}

export type HashRequestMessage = { readonly type: 'hash-request' | 'hash-reject' } & HashRange;
export type HashesMessage = { readonly type: 'hashes'; readonly hashes: Bytes } & HashRange;

/** Of one request: 8 KiB of hashes, of some of the pieces of 128 MiB of film even where they are the smallest usual ones. */
export const MAX_HASHES = 256;
/** A run, and at most this many hashes that prove it. */
const MAX_PROOF_HASHES = 40;
const ROOT_BYTES = 32;
const HEADER_BYTES = 1 + ROOT_BYTES + 3 * 4;

export function encodeHashes(type: number, message: HashRequestMessage | HashesMessage): Bytes {
  const payload = message.type === 'hashes' ? message.hashes : new Uint8Array(0);
  const frame = new Uint8Array(HEADER_BYTES + payload.length);
  const view = new DataView(frame.buffer);
  frame[0] = type;
  frame.set(fromHex(message.root), 1);
  view.setUint32(1 + ROOT_BYTES, message.layer);
  view.setUint32(5 + ROOT_BYTES, message.index);
  view.setUint32(9 + ROOT_BYTES, message.length);
  frame.set(payload, HEADER_BYTES);
  return frame;
}

export function decodeHashes(
  type: (HashRequestMessage | HashesMessage)['type'],
  frame: Bytes,
): HashRequestMessage | HashesMessage | undefined {
  if (frame.length < HEADER_BYTES) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const range = {
    root: toHex(frame.subarray(1, 1 + ROOT_BYTES)),
    layer: view.getUint32(1 + ROOT_BYTES),
    index: view.getUint32(5 + ROOT_BYTES),
    length: view.getUint32(9 + ROOT_BYTES),
  };
  if (!isHashRange(range)) return undefined;
  const payloadBytes = frame.length - HEADER_BYTES;
  if (type !== 'hashes') return payloadBytes === 0 ? { type, ...range } : undefined;
  if (payloadBytes % ROOT_BYTES !== 0 || payloadBytes < ROOT_BYTES || payloadBytes > (MAX_HASHES + MAX_PROOF_HASHES) * ROOT_BYTES) {
    return undefined;
  }
  return { type, ...range, hashes: frame.subarray(HEADER_BYTES) };
}

function isHashRange({ layer, index, length }: HashRange): boolean {
  return layer <= 32 && length >= 1 && length <= MAX_HASHES && Number.isInteger(Math.log2(length)) && index % length === 0;
}
