import { fromHex, toHex, type Bytes } from '@/src/base/bytes';
import { asBytes, asDictionary, readBencode } from './bencode';
import { latin1ToBytes, writeBencode } from './write-bencode';

/** As long as the layers of the most pieces a torrent may have, and their keys. */
export const MAX_PIECE_LAYERS_BYTES = 64 * 1024 * 1024;

/** The `piece layers` dictionary of BEP 52: whole layers by pieces root (64 hex digits). */
export function writePieceLayers(layers: ReadonlyMap<string, Bytes>): Bytes {
  const entries = Array.from(layers, ([root, layer]) => [String.fromCharCode(...fromHex(root)), layer] as const);
  return writeBencode(new Map(entries));
}

/** What is written there, not verified; nothing when it is damaged. Never throws. */
export function readPieceLayers(bytes: Bytes): ReadonlyMap<string, Bytes> {
  const result = readBencode(bytes, { maxBytes: MAX_PIECE_LAYERS_BYTES, maxDepth: 1 });
  const layers = new Map<string, Bytes>();
  for (const [key, value] of (result.ok ? asDictionary(result.value) : undefined) ?? []) {
    const layer = asBytes(value);
    if (layer !== undefined) layers.set(toHex(latin1ToBytes(key)), layer);
  }
  return layers;
}
