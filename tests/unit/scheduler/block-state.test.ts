import { describe, expect, test } from 'vitest';
import { BlockState } from '@/src/scheduler/block-state';
import { KIB } from './sample-info';

const UNIT = 16 * KIB;

test('a piece is asked for in runs of at most what fits, the last one shorter', () => {
  const state = new BlockState(3, 5 * UNIT + 7);
  const runs: unknown[] = [];
  for (let range = state.nextRange('a', 2 * UNIT); range !== undefined; range = state.nextRange('a', 2 * UNIT)) {
    state.ask('a', range.offsetBytes, range.lengthBytes, 0);
    runs.push([range.offsetBytes, range.lengthBytes]);
  }
  expect(runs).toEqual([
    [0, 2 * UNIT],
    [2 * UNIT, 2 * UNIT],
    [4 * UNIT, UNIT + 7],
  ]);
  expect(state.openUnits).toBe(0);
});

test('a run is never longer than 64 KiB, and never shorter than a unit', () => {
  const state = new BlockState(0, 10 * UNIT);
  expect(state.nextRange('a', 1000 * UNIT)).toEqual({ offsetBytes: 0, lengthBytes: 4 * UNIT });
  expect(state.nextRange('a', 1)).toEqual({ offsetBytes: 0, lengthBytes: UNIT });
});

test('a run ends before what is here or asked of others', () => {
  const state = new BlockState(0, 4 * UNIT);
  state.ask('b', 2 * UNIT, UNIT, 0);
  expect(state.nextRange('a', 4 * UNIT)).toEqual({ offsetBytes: 0, lengthBytes: 2 * UNIT });
  state.receive('c', 0, UNIT);
  expect(state.nextRange('a', 4 * UNIT)).toEqual({ offsetBytes: UNIT, lengthBytes: UNIT });
});

test('what a peer will not answer is open again', () => {
  const state = new BlockState(0, 2 * UNIT);
  state.ask('a', 0, 2 * UNIT, 0);
  expect(state.nextRange('b', UNIT)).toBeUndefined();
  state.release('a', 0, UNIT);
  expect(state.openUnits).toBe(1);
  expect(state.nextRange('b', 2 * UNIT)).toEqual({ offsetBytes: 0, lengthBytes: UNIT });
});

test('bytes are counted as new once', () => {
  const state = new BlockState(0, UNIT + 5);
  expect(state.receive('a', 0, UNIT)).toBe(UNIT);
  expect(state.isComplete).toBe(false);
  expect(state.hasUnitAt(UNIT)).toBe(false);
  expect(state.receive('b', 0, UNIT + 5)).toBe(5);
  expect(state.isComplete).toBe(true);
  expect(state.hasUnitAt(UNIT + 4)).toBe(true);
  expect(state.receive('c', 0, UNIT + 5)).toBe(0);
});

describe('late units', () => {
  test('are asked of a second peer only when they are owed since before the given moment', () => {
    const state = new BlockState(0, 2 * UNIT);
    state.ask('a', 0, UNIT, 100);
    state.ask('a', UNIT, UNIT, 200);
    expect(state.nextRange('b', 2 * UNIT, 100)).toBeUndefined();
    expect(state.nextRange('b', 2 * UNIT, 150)).toEqual({ offsetBytes: 0, lengthBytes: UNIT });
  });

  test('are never asked of the same peer again, nor of a third', () => {
    const state = new BlockState(0, UNIT);
    state.ask('a', 0, UNIT, 100);
    expect(state.nextRange('a', UNIT, 1000)).toBeUndefined();
    state.ask('b', 0, UNIT, 500);
    expect(state.nextRange('c', UNIT, 1000)).toBeUndefined();
    expect(state.askedOthers('b', 0, UNIT)).toEqual(new Set(['a']));
    expect(state.askedOthers('c', 0, UNIT)).toEqual(new Set(['a', 'b']));
  });
});

test('B6: a piece that failed is asked of one peer alone', () => {
  const state = new BlockState(0, 2 * UNIT, 'a');
  expect(state.nextRange('b', UNIT)).toBeUndefined();
  state.ask('a', 0, 2 * UNIT, 0);
  expect(state.nextRange('b', UNIT, 1_000_000)).toBeUndefined();
});
