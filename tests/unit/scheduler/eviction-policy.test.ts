import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseEvictions, type StoredPiece, type StoredUnit } from '@/src/scheduler/eviction-policy';

function unit(film: string, first: number, ...pieces: readonly [need: StoredPiece['need'], usedAtMinutes: number][]): StoredUnit {
  return { film, pieces: pieces.map(([need, usedAtMinutes], index) => ({ piece: first + index, need, usedAtMinutes, freesBytes: 100 })) };
}

function choose(neededBytes: number, units: readonly StoredUnit[], closedFilms: Parameters<typeof chooseEvictions>[0]['closedFilms'] = []) {
  return chooseEvictions({ units, closedFilms, neededBytes });
}

describe('what goes when room is needed', () => {
  test('nothing, when none is needed', () => {
    expect(choose(0, [unit('a', 0, ['none', 1])])).toEqual([]);
  });

  test('the unit watched least recently goes first, from its end, and no further than it must', () => {
    const units = [unit('a', 0, ['none', 30], ['none', 31]), unit('a', 2, ['none', 10], ['none', 11], ['none', 12])];
    expect(choose(150, units)).toEqual([{ kind: 'pieces', film: 'a', pieces: [4, 3] }]);
    expect(choose(301, units)).toEqual([
      { kind: 'pieces', film: 'a', pieces: [4, 3, 2] },
      { kind: 'pieces', film: 'a', pieces: [1] },
    ]);
  });

  test('a unit counts as watched when any piece of it that would go was', () => {
    const units = [unit('a', 0, ['none', 1], ['none', 50]), unit('b', 0, ['none', 20], ['none', 20])];
    expect(choose(100, units)).toEqual([{ kind: 'pieces', film: 'b', pieces: [1] }]);
  });

  test('what is urgent stays, and what lies before it in its unit with it', () => {
    const units = [unit('a', 0, ['none', 1], ['urgent', 1], ['none', 1])];
    expect(choose(1000, units)).toEqual([{ kind: 'pieces', film: 'a', pieces: [2] }]);
    expect(choose(1000, [unit('a', 0, ['none', 1], ['urgent', 1])])).toEqual([]);
  });

  test('what a playhead will come to goes after everything else, the farthest first', () => {
    const units = [unit('a', 0, ['ahead', 1]), unit('a', 1, ['ahead', 1]), unit('a', 2, ['none', 90])];
    expect(choose(300, units)).toEqual([
      { kind: 'pieces', film: 'a', pieces: [2] },
      { kind: 'pieces', film: 'a', pieces: [1] },
      { kind: 'pieces', film: 'a', pieces: [0] },
    ]);
  });

  test('films that nobody has open take their turn by when they were watched', () => {
    const units = [unit('open', 0, ['none', 20])];
    const closed = [
      { film: 'newer', usedAtMinutes: 30, roomBytes: 500 },
      { film: 'older', usedAtMinutes: 10, roomBytes: 500 },
    ];
    expect(choose(700, units, closed)).toEqual([
      { kind: 'closed-film', film: 'older', bytes: 700 },
      { kind: 'pieces', film: 'open', pieces: [0] },
      { kind: 'closed-film', film: 'newer', bytes: 100 },
    ]);
  });

  test('whatever is stored: urgent pieces stay, no piece goes twice, and it is enough unless nothing more may go', () => {
    const piece = fc.record({
      need: fc.constantFrom('urgent', 'ahead', 'none'),
      usedAtMinutes: fc.nat(50),
      freesBytes: fc.integer({ min: 1, max: 99 }),
    });
    const stored = fc.array(fc.array(piece, { minLength: 1, maxLength: 6 }), { maxLength: 8 });
    fc.assert(
      fc.property(stored, fc.nat(2000), (groups, neededBytes) => {
        const units = groups.map((pieces, group) => ({
          film: 'a',
          pieces: pieces.map((facts, index) => ({ piece: group * 10 + index, ...facts })),
        }));
        const all = units.flatMap(({ pieces }) => pieces);
        const gone = choose(neededBytes, units).flatMap((step) => (step.kind === 'pieces' ? step.pieces : []));
        const freed = all.filter(({ piece: index }) => gone.includes(index));
        expect(freed.filter(({ need }) => need === 'urgent')).toEqual([]);
        expect(new Set(gone).size).toBe(gone.length);
        const freedBytes = freed.reduce((total, { freesBytes }) => total + freesBytes, 0);
        const movable = units.flatMap(({ pieces }) => pieces.slice(pieces.findLastIndex(({ need }) => need === 'urgent') + 1));
        expect(freedBytes >= neededBytes || freed.length === movable.length).toBe(true);
      }),
      { seed: 20_261_126 },
    );
  });
});
