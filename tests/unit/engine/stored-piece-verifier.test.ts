import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createStoredPieceVerifier } from '@/src/engine/stored-piece-verifier';
import { describeAs, fakeFilm } from '@/tests/support/local-swarm';

const PIECE_BYTES = 64 * 1024;
const film = fakeFilm(10 * PIECE_BYTES - 9);
const hashing = {
  sha1: async (bytes: Uint8Array) => new Uint8Array(createHash('sha1').update(bytes).digest()),
  sha256: async (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()),
};

function piece(index: number): Uint8Array<ArrayBuffer> {
  return film.slice(index * PIECE_BYTES, (index + 1) * PIECE_BYTES);
}

test.for(['v1', 'hybrid', 'v2'] as const)(
  'stored pieces of a %s torrent are told from spoilt ones without asking anybody',
  async (kind) => {
    const { info, hashes } = describeAs(kind, film, PIECE_BYTES);
    const verify = createStoredPieceVerifier(info, hashing, hashes);
    expect(await verify(3, piece(3))).toBe(true);
    expect(await verify(9, piece(9))).toBe(true);
    expect(await verify(3, piece(4))).toBe(false);
  },
);

test('B5: a piece of a v2 torrent whose hash is not stored is not taken for whole', async () => {
  const verify = createStoredPieceVerifier(describeAs('v2', film, PIECE_BYTES).info, hashing, undefined);
  await expect(verify(3, piece(3))).rejects.toThrow('not stored');
});
