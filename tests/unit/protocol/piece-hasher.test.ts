import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes } from '@/src/base/bytes';
import { PieceHasher } from '@/src/protocol/piece-hasher';

const sha1 = (bytes: Uint8Array) => new Uint8Array(createHash('sha1').update(bytes).digest());

function hashesOf(bytes: Uint8Array, pieceLengthBytes: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pieceLengthBytes) pieces.push(sha1(bytes.subarray(at, at + pieceLengthBytes)));
  return concatBytes(...pieces);
}

test('gives the SHA-1 of each piece, however the bytes are cut into chunks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 40 }),
      (chunks, pieceLengthBytes) => {
        const hasher = new PieceHasher(pieceLengthBytes);
        for (const chunk of chunks) hasher.update(chunk);
        expect(hasher.finish()).toEqual(hashesOf(concatBytes(...chunks), pieceLengthBytes));
      },
    ),
  );
});

test('has no hash for no bytes, and none for an empty last piece', () => {
  expect(new PieceHasher(4).finish()).toEqual(new Uint8Array());
  const hasher = new PieceHasher(4);
  hasher.update(Uint8Array.of(1, 2, 3, 4));
  expect(hasher.finish()).toEqual(sha1(Uint8Array.of(1, 2, 3, 4)));
});

test('hashes with what it is given, such as the faster SHA-1 of Node', () => {
  const bytes = new Uint8Array(1000).map((_, index) => index % 256);
  const hasher = new PieceHasher(10, () => createHash('sha1'));
  hasher.update(bytes);
  expect(hasher.finish()).toEqual(hashesOf(bytes, 10));
});

test('needs a piece length', () => {
  expect(() => new PieceHasher(0)).toThrow('Invariant broken');
});
