import { bytesToUtf8, utf8ToBytes } from '@noble/ciphers/utils.js';
import * as v from 'valibot';
import type { Bytes } from '@/src/base/bytes';
import { ID_PATTERN, type OfferId, type PeerId } from './ids';

/** The name of our extension (BEP 10) on WebTorrent wires (SPEC section W). */
export const WIRE_EXTENSION = 'lodestream';
/** SPEC W2: a whole message. */
export const MAX_WIRE_SIGNAL_BYTES = 32 * 1024;

/** What two viewers say to each other on a WebTorrent wire, to link natively. */
export type WireSignal =
  | { readonly kind: 'hello'; readonly peerId: PeerId }
  | { readonly kind: 'offer' | 'answer' | 'ice-candidate'; readonly offerId: OfferId; readonly text: string };

const id = v.pipe(v.string(), v.regex(ID_PATTERN));
const schema = v.variant('kind', [
  v.object({
    kind: v.literal('hello'),
    peerId: v.pipe(
      id,
      v.transform((text) => text as PeerId),
    ),
  }),
  v.object({
    kind: v.picklist(['offer', 'answer', 'ice-candidate']),
    offerId: v.pipe(
      id,
      v.transform((text) => text as OfferId),
    ),
    text: v.string(),
  }),
]) satisfies v.GenericSchema<unknown, WireSignal>;

export function encodeWireSignal(signal: WireSignal): Bytes {
  return utf8ToBytes(JSON.stringify(signal));
}

/** Undefined for what is no message of ours. */
export function decodeWireSignal(bytes: Uint8Array): WireSignal | undefined {
  if (bytes.length > MAX_WIRE_SIGNAL_BYTES) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), bytesToUtf8(bytes));
  return parsed.success ? parsed.output : undefined;
}
