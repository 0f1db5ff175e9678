import { expect, test } from 'vitest';
import { runsByUrgency } from '@/src/scheduler/piece-runs';

test('neighbours are one run, however they come', () => {
  expect(runsByUrgency([7, 3, 4, 9, 8], [])).toEqual([
    { first: 3, last: 4 },
    { first: 7, last: 9 },
  ]);
});

test('the run with the most urgent piece comes first, runs without one last', () => {
  expect(runsByUrgency([0, 1, 5, 6, 9], [6, 9])).toEqual([
    { first: 5, last: 6 },
    { first: 9, last: 9 },
    { first: 0, last: 1 },
  ]);
});

test('no pieces make no run', () => {
  expect(runsByUrgency([], [1])).toEqual([]);
});
