import { describe, expect, test } from 'vitest';
import { FilmIndex } from '@/src/engine/film-index';

const MINUTE_MS = 60_000;
const NOW_MS = 1_700_000_040_000;

function again(index: FilmIndex, pieceCount: number): FilmIndex {
  return FilmIndex.decode(index.encode(), pieceCount, NOW_MS + MINUTE_MS);
}

describe('what is remembered of a film', () => {
  test('when each piece was used last, to the minute', () => {
    const index = FilmIndex.decode(undefined, 5, NOW_MS);
    index.came(1, NOW_MS - 3 * MINUTE_MS);
    index.watched(2, NOW_MS);
    index.watched(3, NOW_MS);
    const stored = again(index, 5);
    expect([0, 1, 2, 3, 4].map((piece) => stored.usedAtMinutes(piece))).toEqual(
      [0, NOW_MS / MINUTE_MS - 3, NOW_MS / MINUTE_MS, NOW_MS / MINUTE_MS, 0].map(Math.floor),
    );
    expect(stored.watchedAtMs).toBe(NOW_MS);
  });

  test('where each file was left, until it was watched to the end', () => {
    const index = FilmIndex.decode(undefined, 1, NOW_MS);
    index.leave(0, 12.5);
    index.leave(3, 60);
    index.leave(0, undefined);
    expect([again(index, 1).positionS(0), again(index, 1).positionS(3)]).toEqual([undefined, 60]);
  });

  test('no more places than a few hundred, the one left longest ago goes', () => {
    const index = FilmIndex.decode(undefined, 1, NOW_MS);
    for (let file = 0; file < 201; file++) index.leave(file, 1);
    expect([index.positionS(0), index.positionS(1), again(index, 1).positionS(200)]).toEqual([undefined, 1, 1]);
  });

  test('there is something to save after a change only', () => {
    const index = FilmIndex.decode(undefined, 1, NOW_MS);
    expect(index.takeChanged()).toBe(false);
    index.came(0, NOW_MS);
    expect([index.takeChanged(), index.takeChanged()]).toEqual([true, false]);
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{"version":1'],
    ['another version', '{"version":2,"watchedAtMs":1,"used":[],"positions":[]}'],
    ['a negative time', '{"version":1,"watchedAtMs":1,"used":[],"positions":[[0,-1]]}'],
    ['pieces by name', '{"version":1,"watchedAtMs":1,"used":[["a",1]],"positions":[]}'],
  ])('what a crash made %s is given up', (_what, text) => {
    const index = FilmIndex.decode(new TextEncoder().encode(text), 2, NOW_MS);
    expect([index.watchedAtMs, index.usedAtMinutes(0), index.positionS(0)]).toEqual([NOW_MS, 0, undefined]);
  });

  test('pieces that the film has not are passed over', () => {
    const text = '{"version":1,"watchedAtMs":1,"used":[[1,7],[99,8]],"positions":[]}';
    const index = FilmIndex.decode(new TextEncoder().encode(text), 2, NOW_MS);
    expect([index.usedAtMinutes(0), index.usedAtMinutes(1), index.usedAtMinutes(99)]).toEqual([0, 7, 0]);
  });
});
