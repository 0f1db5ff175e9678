import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extentLayout, piecesPerExtent, spansOf, type RunLayout } from '@/src/store/run-layout';

function layoutOf(lengths: readonly number[]): RunLayout {
  let offsetBytes = 0;
  return lengths.map((lengthBytes, index) => {
    const file = { path: [String(index)], offsetBytes, lengthBytes };
    offsetBytes += lengthBytes;
    return file;
  });
}

const KIB = 1024;
const MIB = 1024 * KIB;

describe('the layout of a run', () => {
  test('extents have the size asked for and the last one what is left', () => {
    expect(extentLayout(250, 100)).toEqual([
      { path: ['extent-00000'], offsetBytes: 0, lengthBytes: 100 },
      { path: ['extent-00001'], offsetBytes: 100, lengthBytes: 100 },
      { path: ['extent-00002'], offsetBytes: 200, lengthBytes: 50 },
    ]);
    expect(extentLayout(200, 100)).toHaveLength(2);
  });

  test.each([
    // Piece length, size of the film, pieces in an extent.
    [16 * KIB, 1.7 * MIB, 64],
    [256 * KIB, 700 * MIB, 128],
    [1024 * KIB, 4096 * MIB, 64],
    [4096 * KIB, 40_960 * MIB, 16],
    [128 * MIB, 4096 * MIB, 1],
    [3 * MIB, 100 * MIB, 1],
  ])('pieces of %i bytes of a film of %i: %i to an extent', (pieceLengthBytes, totalBytes, pieces) => {
    expect(piecesPerExtent({ pieceLengthBytes, totalBytes })).toBe(pieces);
  });

  test('a run is split at the ends of files, and empty files have no part of it', () => {
    expect(spansOf(layoutOf([10, 0, 5, 10]), 8, 10)).toEqual([
      { file: 0, offsetInFileBytes: 8, offsetInRunBytes: 0, lengthBytes: 2 },
      { file: 2, offsetInFileBytes: 0, offsetInRunBytes: 2, lengthBytes: 5 },
      { file: 3, offsetInFileBytes: 0, offsetInRunBytes: 7, lengthBytes: 3 },
    ]);
  });

  test('a run beyond the end has no place', () => {
    expect(() => spansOf(layoutOf([10]), 8, 3)).toThrow(RangeError);
  });

  test('the spans of any run follow each other without a gap', () => {
    const lengths = fc.array(fc.nat(40), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lengths, fc.nat(), fc.nat(), (lengths, from, span) => {
        const totalBytes = lengths.reduce((sum, length) => sum + length, 0);
        const offsetBytes = from % (totalBytes + 1);
        const lengthBytes = span % (totalBytes - offsetBytes + 1);
        const layout = layoutOf(lengths);
        let at = offsetBytes;
        for (const part of spansOf(layout, offsetBytes, lengthBytes)) {
          expect((layout[part.file]?.offsetBytes ?? -1) + part.offsetInFileBytes).toBe(at);
          expect(part.offsetInRunBytes).toBe(at - offsetBytes);
          expect(part.offsetInFileBytes + part.lengthBytes).toBeLessThanOrEqual(lengths[part.file] ?? 0);
          at += part.lengthBytes;
        }
        expect(at).toBe(offsetBytes + lengthBytes);
      }),
      { seed: 11 },
    );
  });
});
