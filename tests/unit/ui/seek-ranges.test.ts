import { expect, test } from 'vitest';
import { isWithin, shareAhead, verifiedShares } from '@/src/ui/state/seek-ranges';
import { exampleFile } from './session-examples';

const FILE = exampleFile({
  verifiedBytes: 750,
  verifiedRuns: [
    { startBytes: 0, endBytes: 250 },
    { startBytes: 500, endBytes: 1000 },
  ],
  selected: true,
});

test('without an index what is verified is shown where it is in the file, which is about right', () => {
  const { ranges, isExact } = verifiedShares(FILE, undefined);
  expect(isExact).toBe(false);
  expect(ranges).toEqual([
    { start: 0, end: 0.25 },
    { start: 0.5, end: 1 },
  ]);
  expect([0, 0.2, 0.3, 0.5, 1].map((share) => isWithin(ranges, share))).toEqual([true, true, false, true, true]);
});

test('with an index it is shown where that says', () => {
  const ranges = [{ start: 0.125, end: 0.5 }];
  expect(verifiedShares(FILE, (runs) => (runs === FILE.verifiedRuns ? ranges : []))).toEqual({ ranges, isExact: true });
});

test('with an index it is about right as long as the engine tells of less than is there: it leaves out the shortest of very many runs', () => {
  const { isExact } = verifiedShares({ ...FILE, verifiedBytes: 751 }, () => [{ start: 0, end: 0.5 }]);
  expect(isExact).toBe(false);
});

test('a film that is here as a whole needs no index', () => {
  const whole = { ...FILE, verifiedBytes: 1000, verifiedRuns: [{ startBytes: 0, endBytes: 1000 }] };
  expect(verifiedShares(whole, undefined)).toEqual({ ranges: [{ start: 0, end: 1 }], isExact: true });
});

test('of no file, of one that nobody chose, or that is empty, nothing is shown', () => {
  expect(verifiedShares(undefined, undefined).ranges).toEqual([]);
  expect(verifiedShares(exampleFile(), undefined).ranges).toEqual([]);
  expect(verifiedShares({ ...FILE, lengthBytes: 0, verifiedRuns: [{ startBytes: 0, endBytes: 0 }] }, undefined).ranges).toEqual([]);
});

test('what is ahead of a place ends at the first gap', () => {
  const ranges = [
    { start: 0, end: 0.25 },
    { start: 0.5, end: 1 },
  ];
  expect([0, 0.125, 0.25, 0.3, 0.5, 1].map((share) => shareAhead(ranges, share))).toEqual([0.25, 0.125, 0, 0, 0.5, 0]);
});
