import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PieceLayers } from '@/src/engine/piece-layers';
import { describeAs, fakeFilm } from '@/tests/support/local-swarm';

const KIB = 1024;
/** 700 pieces: three runs of 256 hashes, the last of them with filling. */
const { info, hashes } = describeAs('v2', fakeFilm(700 * 16 * KIB - 9), 16 * KIB);

function full(): PieceLayers {
  const layers = new PieceLayers(info);
  if (hashes !== undefined) layers.load(hashes);
  return layers;
}

describe('the piece layers of a v2 torrent', () => {
  test('H2, H3: go from peer to peer in runs, and come out as they were made', () => {
    const [from, to] = [full(), new PieceLayers(info)];
    for (let piece = 0; piece < info.pieceCount; piece++) {
      const run = to.missingRunOf(piece);
      if (run === undefined) continue;
      expect(to.targetOf(piece)).toBeUndefined();
      expect(to.accept(run, from.answer(run) ?? new Uint8Array())).toBe(true);
      // Who has only part of a layer passes that part on.
      expect(to.answer(run)).toEqual(from.answer(run));
    }
    expect(to.save()).toEqual(hashes);
    expect(to.targetOf(699)).toEqual(from.targetOf(699));
  });

  test('H3: a run with any bit of its hashes or its proof turned is refused, and nothing of it is kept', () => {
    const run = new PieceLayers(info).missingRunOf(300);
    const right = run === undefined ? undefined : full().answer(run);
    expect(right).toBeDefined();
    fc.assert(
      fc.property(fc.nat(), fc.nat(7), (at, bit) => {
        const layers = new PieceLayers(info);
        const wrong = right?.slice() ?? new Uint8Array();
        wrong[at % wrong.length] = (wrong[at % wrong.length] ?? 0) ^ (1 << bit);
        expect(run !== undefined && layers.accept(run, wrong)).toBe(false);
        expect(layers.targetOf(300)).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });

  test('H2: what was not offered to ask for has no answer: another layer, length, place or file', () => {
    const run = new PieceLayers(info).missingRunOf(0);
    expect(run === undefined ? undefined : full().answer(run)).toBeDefined();
    for (const change of [{ layer: 1 }, { length: 128 }, { index: 1024 }, { root: '0'.repeat(64) }]) {
      expect(run === undefined ? undefined : full().answer({ ...run, ...change })).toBeUndefined();
      expect(run !== undefined && full().accept({ ...run, ...change }, new Uint8Array(64))).toBe(false);
    }
  });

  test('stored layers that were changed on disk are not believed', () => {
    const layers = new PieceLayers(info);
    const spoilt = hashes?.slice() ?? new Uint8Array();
    spoilt[5000] = (spoilt[5000] ?? 0) ^ 1;
    layers.load(spoilt);
    layers.load(new Uint8Array([1, 2, 3]));
    expect(layers.targetOf(0)).toBeUndefined();
  });

  test('a file of one piece needs none: its root is the hash of its piece', () => {
    const small = describeAs('v2', fakeFilm(100_000), 128 * KIB).info;
    expect(new PieceLayers(small).targetOf(0)).toEqual({ hash: small.files[0]?.piecesRoot, height: 3 });
    expect(new PieceLayers(small).missingRunOf(0)).toBeUndefined();
  });
});
