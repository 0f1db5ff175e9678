import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Bytes } from '@/src/base/bytes';
import { readBencode } from '@/src/protocol/bencode';
import { readPieceLayers, writePieceLayers } from '@/src/protocol/piece-layer-file';
import { writeBencode, type BencodeWritable } from '@/src/protocol/write-bencode';
import { bounded } from '../bounds';
import { property, type FuzzTarget } from '../fuzz-property';
import { anyBytes, hexOf, mutatedBytes } from '../mutations';

/** The reader of dictionaries, and the file of piece layers, which is one. */

const key = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 6 });

export const bencodeValue: fc.Arbitrary<BencodeWritable> = fc.letrec<{ value: BencodeWritable }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.maxSafeInteger().map((integer) => (integer === 0 ? 0 : integer)),
    anyBytes({ maxLength: 24 }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => new Map(entries)),
  ),
})).value;

const layers = fc
  .array(
    fc.tuple(
      hexOf(32),
      fc.integer({ min: 1, max: 9 }).map((count): Bytes => new Uint8Array(count * 32).fill(count)),
    ),
    { maxLength: 5 },
  )
  .map((entries) => new Map(entries));

export const BENCODE: FuzzTarget = {
  name: 'bencode',
  runs: 500,
  properties: [
    property('a-value-is-read-as-it-was-written', bencodeValue, (value) => {
      const read = readBencode(writeBencode(value));
      assert.ok(read.ok);
      assert.deepEqual(read.value, value);
    }),
    property('what-is-read-has-one-spelling', mutatedBytes(bencodeValue.map(writeBencode)), (bytes) => {
      const read = bounded(bytes.length, () => readBencode(bytes));
      if (read.ok) assert.deepEqual(writeBencode(read.value), bytes);
      else assert.ok(read.offsetBytes <= bytes.length);
    }),
    property('limits-hold', fc.tuple(mutatedBytes(bencodeValue.map(writeBencode)), fc.nat(40), fc.nat(4), fc.nat(9)), (input) => {
      const [bytes, maxBytes, maxDepth, maxTokens] = input;
      const read = readBencode(bytes, { maxBytes, maxDepth, maxTokens, allowUnsortedKeys: true });
      if (!read.ok) return;
      assert.ok(bytes.length <= maxBytes);
      assert.ok(tokensOf(read.value) <= maxTokens);
    }),
    property('piece-layers-are-read-as-they-were-written', layers, (written) => {
      assert.deepEqual(readPieceLayers(writePieceLayers(written)), written);
    }),
    property('damaged-piece-layers-are-nothing', mutatedBytes(layers.map(writePieceLayers)), (bytes) => {
      const read = bounded(bytes.length, () => readPieceLayers(bytes));
      for (const layer of read.values()) assert.ok(layer.length <= bytes.length);
    }),
  ],
};

function tokensOf(value: BencodeWritable): number {
  if (value instanceof Map) return [...value.values()].reduce<number>((sum, inner) => sum + 1 + tokensOf(inner), 1);
  if (Array.isArray(value)) return value.reduce<number>((sum, inner: BencodeWritable) => sum + tokensOf(inner), 1);
  return 1;
}
