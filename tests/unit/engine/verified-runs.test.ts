import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bitfield } from '@/src/base/bitfield';
import { verifiedRuns } from '@/src/engine/verified-runs';
import { describeFilm, describeTwoFiles, fakeFilm } from '@/tests/support/local-swarm';

const PIECE_BYTES = 16 * 1024;

function held(pieceCount: number, pieces: readonly number[]): Bitfield {
  const field = new Bitfield(pieceCount);
  for (const piece of pieces) field.add(piece);
  return field;
}

test('neighbouring pieces are one run, and the last one ends with the file', () => {
  const info = describeFilm(fakeFilm(9.5 * PIECE_BYTES), PIECE_BYTES);
  const [file] = info.files;
  if (file === undefined) throw new Error('there is a file');
  expect(verifiedRuns(info, file, held(10, [0, 1, 4, 9]))).toEqual([
    { startBytes: 0, endBytes: 2 * PIECE_BYTES },
    { startBytes: 4 * PIECE_BYTES, endBytes: 5 * PIECE_BYTES },
    { startBytes: 9 * PIECE_BYTES, endBytes: 9.5 * PIECE_BYTES },
  ]);
  expect(verifiedRuns(info, file, held(10, []))).toEqual([]);
});

test('a piece that two files share counts for each with its part', () => {
  const info = describeTwoFiles(fakeFilm(5 * PIECE_BYTES), PIECE_BYTES);
  const runs = info.files.map((file) => verifiedRuns(info, file, held(5, [2])));
  expect(runs).toEqual([[{ startBytes: 2 * PIECE_BYTES, endBytes: 2.5 * PIECE_BYTES }], [{ startBytes: 0, endBytes: 0.5 * PIECE_BYTES }]]);
});

test('whatever is there: no more than 200 runs, in order, and never more than is verified', () => {
  const info = describeFilm(fakeFilm(1000 * PIECE_BYTES), PIECE_BYTES);
  const [file] = info.files;
  if (file === undefined) throw new Error('there is a file');
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(999), { minLength: 300, maxLength: 600 }), (pieces) => {
      const field = held(1000, pieces);
      const runs = verifiedRuns(info, file, field);
      expect(runs.length).toBeLessThanOrEqual(200);
      for (const [index, { startBytes, endBytes }] of runs.entries()) {
        expect(startBytes).toBeGreaterThanOrEqual(runs[index - 1]?.endBytes ?? 0);
        for (let at = startBytes; at < endBytes; at += PIECE_BYTES) expect(field.has(at / PIECE_BYTES)).toBe(true);
      }
    }),
  );
});
