import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, toHex } from '@/src/base/bytes';
import { FileHasher } from '@/src/protocol/file-hasher';
import { heightOf, leafCountOf, proofOf, rootOf, verifyRun } from '@/src/protocol/merkle';

const KIB = 1024;
const BLOCK = 16 * KIB;
const sha256 = (...parts: Uint8Array[]) =>
  new Uint8Array(
    createHash('sha256')
      .update(concatBytes(...parts))
      .digest(),
  );
const leaf = (index: number) => sha256(Uint8Array.of(index & 255, index >> 8));
const leaves = (count: number) => concatBytes(...Array.from({ length: count }, (_, index) => leaf(index)));

/** BEP 52 word for word: as many leaves as the next power of two, those that are missing 32 zero bytes, hashed in pairs. */
function plainRoot(hashes: Uint8Array[]): Uint8Array {
  let layer = [...hashes];
  while (!Number.isInteger(Math.log2(layer.length))) layer.push(new Uint8Array(32));
  while (layer.length > 1) layer = Array.from({ length: layer.length / 2 }, (_, index) => sha256(...layer.slice(index * 2, index * 2 + 2)));
  return layer[0] ?? new Uint8Array(32);
}

const bytesOf = (lengthBytes: number) => Uint8Array.from({ length: lengthBytes }, (_, index) => (index * 31) >>> 3);
const blocksOf = (bytes: Uint8Array) =>
  Array.from({ length: leafCountOf(bytes.length) }, (_, index) => sha256(bytes.subarray(index * BLOCK, (index + 1) * BLOCK)));

describe('a hash tree', () => {
  test('has the root BEP 52 describes, for any number of leaves', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (count) => {
        const plain = plainRoot(Array.from({ length: count }, (_, index) => leaf(index)));
        expect(toHex(rootOf(leaves(count), 0, heightOf(count)))).toBe(toHex(plain));
      }),
    );
  });

  test('proves each run of each layer, and nothing else in its place', () => {
    const runs = fc.record({ count: fc.integer({ min: 2, max: 200 }), runHeight: fc.nat(4), at: fc.nat(), flip: fc.nat() });
    fc.assert(
      fc.property(runs, ({ count, runHeight, at, flip }) => {
        const top = heightOf(count);
        const length = 2 ** Math.min(runHeight, top);
        const index = (at % Math.ceil(count / length)) * length;
        const layer = leaves(count);
        const root = rootOf(layer, 0, top);
        const run = { layer: 0, index, length };
        const hashes = layer.slice(index * 32, (index + length) * 32);
        const proof = proofOf(layer, run, top);
        expect(verifyRun(root, run, hashes, proof, top)).toBe(true);
        const wrong = hashes.slice();
        wrong[flip % wrong.length] = (wrong[flip % wrong.length] ?? 0) ^ 1;
        expect(verifyRun(root, run, wrong, proof, top)).toBe(false);
        if (proof.length > 0) {
          const spoilt = proof.slice();
          spoilt[flip % spoilt.length] = (spoilt[flip % spoilt.length] ?? 0) ^ 1;
          expect(verifyRun(root, run, hashes, spoilt, top)).toBe(false);
          expect(verifyRun(root, run, hashes, proof.subarray(32), top)).toBe(false);
        }
        const elsewhere = (index + length) % 2 ** top;
        if (elsewhere !== index) expect(verifyRun(root, { ...run, index: elsewhere }, hashes, proof, top)).toBe(false);
      }),
    );
  });

  test('a place outside of the tree proves nothing', () => {
    const layer = leaves(4);
    const hashes = layer.slice(0, 32);
    const proof = proofOf(layer, { layer: 0, index: 0, length: 1 }, 2);
    expect(verifyRun(rootOf(layer, 0, 2), { layer: 0, index: 4, length: 1 }, hashes, proof, 2)).toBe(false);
  });
});

describe('the hashes of a file', () => {
  test.each([1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 4 * BLOCK, 4 * BLOCK + 1, 9 * BLOCK + 5, 16 * BLOCK])(
    'of %i bytes are those of its blocks, cut into pieces of 64 KiB',
    (lengthBytes) => {
      const bytes = bytesOf(lengthBytes);
      const hasher = new FileHasher(64 * KIB);
      for (let at = 0; at < bytes.length; at += 10_007) hasher.update(bytes.subarray(at, at + 10_007));
      const hashes = hasher.finish();
      expect(toHex(hashes?.piecesRoot ?? new Uint8Array())).toBe(toHex(plainRoot(blocksOf(bytes))));
      const pieceCount = Math.ceil(lengthBytes / (64 * KIB));
      expect(hashes?.pieceLayer.length).toBe(pieceCount === 1 ? 0 : pieceCount * 32);
    },
  );

  test('an empty file has none', () => {
    expect(new FileHasher(64 * KIB).finish()).toBeUndefined();
  });
});
