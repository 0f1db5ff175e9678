import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { piecesOf, planPlayback, type PlaybackFacts, type PlaybackPlan } from '@/src/scheduler/playback-window';
import { KIB, sampleInfo } from './sample-info';

function plan(facts: Partial<PlaybackFacts> & Pick<PlaybackFacts, 'info'>): PlaybackPlan {
  return planPlayback({ selectedFiles: new Set([0]), playheads: [], windowBytes: 512 * KIB, ...facts });
}

describe('urgent pieces', () => {
  // 40 pieces of 64 KiB: 256 KiB under a playhead are four of them, 128 KiB at an edge two.
  const info = sampleInfo(64 * KIB, [40 * 64 * KIB]);

  test('what lies under the playhead comes first, then the head and tail of the file, then the rest of the window', () => {
    const playheads = [{ fileIndex: 0, positionBytes: 10 * 64 * KIB }];
    expect(plan({ info, playheads }).urgent).toEqual([10, 11, 12, 13, 0, 1, 38, 39, 14, 15, 16, 17]);
  });

  test('a playhead inside a piece needs that piece first', () => {
    const playheads = [{ fileIndex: 0, positionBytes: 10 * 64 * KIB + 1 }];
    expect(plan({ info, playheads }).urgent.slice(0, 5)).toEqual([10, 11, 12, 13, 14]);
  });

  test('a file that is chosen but not yet played is opened at both ends', () => {
    expect(plan({ info }).urgent).toEqual([0, 1, 38, 39]);
  });

  test('several playheads take turns beyond what lies under each', () => {
    const playheads = [
      { fileIndex: 0, positionBytes: 10 * 64 * KIB },
      { fileIndex: 0, positionBytes: 20 * 64 * KIB },
    ];
    const { urgent } = plan({ info, playheads });
    expect(urgent.slice(0, 8)).toEqual([10, 11, 12, 13, 20, 21, 22, 23]);
    expect(urgent.slice(12)).toEqual([14, 24, 15, 25, 16, 26, 17, 27]);
  });

  test('the window ends with the file', () => {
    const playheads = [{ fileIndex: 0, positionBytes: 37 * 64 * KIB }];
    expect(plan({ info, playheads, windowBytes: 100 * 64 * KIB }).urgent).toEqual([37, 38, 39, 0, 1]);
  });

  test('a playhead at the end of its file, or in a file that is not there, needs nothing', () => {
    const playheads = [
      { fileIndex: 0, positionBytes: 40 * 64 * KIB },
      { fileIndex: 7, positionBytes: 0 },
    ];
    expect(plan({ info, playheads }).urgent).toEqual(plan({ info }).urgent);
  });

  test('with pieces larger than the whole window, the one under the playhead still leads', () => {
    const large = sampleInfo(4096 * KIB, [10 * 4096 * KIB]);
    const playheads = [{ fileIndex: 0, positionBytes: 5 * 4096 * KIB + 1 }];
    expect(plan({ info: large, playheads, windowBytes: 1 }).urgent).toEqual([5, 0, 9]);
  });
});

describe('wanted pieces', () => {
  test('only the chosen files are wanted, and nothing when none is', () => {
    const info = sampleInfo(16 * KIB, [64 * KIB, 64 * KIB, 64 * KIB]);
    expect(plan({ info, selectedFiles: new Set([1]) }).wanted).toEqual([{ first: 4, last: 7 }]);
    expect(plan({ info, selectedFiles: new Set() })).toEqual({ urgent: [], wanted: [] });
  });

  test('files that share a piece make one range', () => {
    const info = sampleInfo(16 * KIB, [20 * KIB, 20 * KIB, 200 * KIB, 20 * KIB]);
    expect(plan({ info, selectedFiles: new Set([1, 0]) }).wanted).toEqual([{ first: 0, last: 2 }]);
    expect(plan({ info, selectedFiles: new Set([0, 3]) }).wanted).toEqual([
      { first: 0, last: 1 },
      { first: 15, last: 16 },
    ]);
  });

  test('of a film that does not fit only the stretch ahead of each playhead is wanted', () => {
    const info = sampleInfo(16 * KIB, [160 * KIB]);
    const playheads = [{ fileIndex: 0, positionBytes: 48 * KIB }];
    expect(plan({ info, playheads, aheadBytes: 40 * KIB }).wanted).toEqual([{ first: 3, last: 5 }]);
    expect(plan({ info, aheadBytes: 40 * KIB }).wanted).toEqual([]);
  });

  test('what was let go of is not wanted again for its own sake, but urgent when a playhead is there', () => {
    const info = sampleInfo(16 * KIB, [160 * KIB]);
    const released = new Set([2, 5, 6]);
    expect(plan({ info, released }).wanted).toEqual([
      { first: 0, last: 1 },
      { first: 3, last: 4 },
      { first: 7, last: 9 },
    ]);
    const playheads = [{ fileIndex: 0, positionBytes: 80 * KIB }];
    expect(plan({ info, released, playheads, windowBytes: 1 }).urgent.slice(0, 2)).toEqual([5, 6]);
  });

  test('files of no length need nothing', () => {
    const info = sampleInfo(16 * KIB, [0, 64 * KIB, 0]);
    const playheads = [{ fileIndex: 0, positionBytes: 0 }];
    expect(plan({ info, selectedFiles: new Set([0, 2]), playheads })).toEqual({ urgent: [], wanted: [] });
    expect(plan({ info, selectedFiles: new Set([0, 1, 2]) }).wanted).toEqual([{ first: 0, last: 3 }]);
  });
});

test('bytes outside of the file are cut off', () => {
  const info = sampleInfo(16 * KIB, [16 * KIB, 64 * KIB]);
  const file = info.files[1];
  const ranges = file === undefined ? [] : [piecesOf(info, file, -500, 1), piecesOf(info, file, 63 * KIB, 900 * KIB)];
  expect(ranges).toEqual([
    { first: 1, last: 1 },
    { first: 4, last: 4 },
  ]);
});

test('whatever the facts, urgent pieces exist and are named once, and wanted ranges ascend without touching', () => {
  const facts = fc.record({
    pieceLengthBytes: fc.constantFrom(16 * KIB, 32 * KIB, 1024 * KIB),
    fileLengths: fc.array(fc.nat(600 * KIB), { minLength: 1, maxLength: 6 }).filter((lengths) => lengths.some((length) => length > 0)),
    selected: fc.uniqueArray(fc.nat(6)),
    playheads: fc.array(fc.record({ fileIndex: fc.nat(7), positionBytes: fc.nat(700 * KIB) }), { maxLength: 4 }),
    windowBytes: fc.nat(800 * KIB),
  });
  fc.assert(
    fc.property(facts, ({ pieceLengthBytes, fileLengths, selected, playheads, windowBytes }) => {
      const info = sampleInfo(pieceLengthBytes, fileLengths);
      const { urgent, wanted } = planPlayback({ info, selectedFiles: new Set(selected), playheads, windowBytes });
      expect(new Set(urgent).size).toBe(urgent.length);
      expect(urgent.every((piece) => Number.isInteger(piece) && piece >= 0 && piece < info.pieceCount)).toBe(true);
      let after = -1;
      for (const { first, last } of wanted) {
        expect(first).toBeGreaterThan(after);
        expect(last).toBeGreaterThanOrEqual(first);
        after = last + 1;
      }
      expect(after).toBeLessThanOrEqual(info.pieceCount);
    }),
  );
});
