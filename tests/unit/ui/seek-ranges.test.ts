import { expect, test } from 'vitest';
import { isWithin, verifiedShares } from '@/src/ui/state/seek-ranges';

test('what is verified is shown where it is in the file', () => {
  const runs = [
    { startBytes: 0, endBytes: 250 },
    { startBytes: 500, endBytes: 1000 },
  ];
  const shares = verifiedShares({ verifiedRuns: runs, lengthBytes: 1000 });
  expect(shares).toEqual([
    { start: 0, end: 0.25 },
    { start: 0.5, end: 1 },
  ]);
  expect([0, 0.2, 0.3, 0.5, 1].map((share) => isWithin(shares, share))).toEqual([true, true, false, true, true]);
});

test('of a file that nobody chose, or that is empty, nothing is shown', () => {
  expect(verifiedShares({ lengthBytes: 1000 })).toEqual([]);
  expect(verifiedShares({ verifiedRuns: [{ startBytes: 0, endBytes: 0 }], lengthBytes: 0 })).toEqual([]);
});
