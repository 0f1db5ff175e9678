import { describe, expect, test } from 'vitest';
import { Bitfield } from '@/src/base/bitfield';
import { blocksOfRun, planPush } from '@/src/engine/push-plan';
import { sampleInfo } from '@/tests/unit/scheduler/sample-info';

const UNIT = 16 * 1024;
/** 3 blocks a piece; a film of 5 pieces and a bit, its last piece short. */
const INFO = sampleInfo(3 * UNIT, [5 * 3 * UNIT + 100]);
const ALL = Bitfield.full(INFO.pieceCount);

function grant(blocks: number, fileIndex?: number): { bytes: number; fileIndex: number | undefined } {
  return { bytes: INFO.infoBytes.length + blocks * UNIT, fileIndex };
}

describe('what is sent unasked', () => {
  test('the head of the film, as many whole blocks as the grant leaves beside the dictionary', () => {
    expect(planPush(INFO, ALL, grant(4))).toEqual({ piece: 0, lengthBytes: 4 * UNIT });
    expect(planPush(INFO, ALL, { ...grant(4), bytes: grant(5).bytes - 1 })).toEqual({ piece: 0, lengthBytes: 4 * UNIT });
  });

  test('all of a short film, its short end included', () => {
    expect(planPush(INFO, ALL, grant(40))).toEqual({ piece: 0, lengthBytes: INFO.totalBytes });
  });

  test('nothing where not even the dictionary fits; it alone where there is no room for a block', () => {
    expect(planPush(INFO, ALL, { bytes: INFO.infoBytes.length - 1, fileIndex: undefined })).toBeUndefined();
    expect(planPush(INFO, ALL, { bytes: INFO.infoBytes.length, fileIndex: undefined })).toEqual({ piece: 0, lengthBytes: 0 });
  });

  test('only what is here, up to the first gap', () => {
    const verified = new Bitfield(INFO.pieceCount);
    verified.add(0);
    verified.add(2);
    expect(planPush(INFO, verified, grant(40))).toEqual({ piece: 0, lengthBytes: 3 * UNIT });
    expect(planPush(INFO, new Bitfield(INFO.pieceCount), grant(40))).toEqual({ piece: 0, lengthBytes: 0 });
  });

  test('of several films the one the link asks for; of none it is not known which', () => {
    const both = sampleInfo(3 * UNIT, [3 * UNIT, 6 * UNIT]);
    const bytes = both.infoBytes.length + 2 * UNIT;
    const full = Bitfield.full(both.pieceCount);
    expect(planPush(both, full, { bytes, fileIndex: 1 })).toEqual({ piece: 1, lengthBytes: 2 * UNIT });
    expect(planPush(both, full, { bytes, fileIndex: undefined })).toEqual({ piece: 0, lengthBytes: 0 });
    expect(planPush(both, full, { bytes, fileIndex: 99 })).toEqual({ piece: 0, lengthBytes: 0 });
  });
});

describe('N3: the blocks of a run', () => {
  test('go over the ends of pieces, and end with the torrent', () => {
    expect(blocksOfRun(INFO, { piece: 0, lengthBytes: 4 * UNIT })).toEqual([
      { piece: 0, offsetBytes: 0, lengthBytes: UNIT },
      { piece: 0, offsetBytes: UNIT, lengthBytes: UNIT },
      { piece: 0, offsetBytes: 2 * UNIT, lengthBytes: UNIT },
      { piece: 1, offsetBytes: 0, lengthBytes: UNIT },
    ]);
    expect(blocksOfRun(INFO, { piece: 5, lengthBytes: 100 })).toEqual([{ piece: 5, offsetBytes: 0, lengthBytes: 100 }]);
    expect(blocksOfRun(INFO, { piece: 4, lengthBytes: 0 })).toEqual([]);
  });

  test.each([
    ['half a block', { piece: 0, lengthBytes: UNIT + 1 }],
    ['more than there is', { piece: 5, lengthBytes: 101 }],
    ['a piece there is not', { piece: 6, lengthBytes: 1 }],
  ])('%s is no run', (_, run) => {
    expect(blocksOfRun(INFO, run)).toBeUndefined();
  });
});
