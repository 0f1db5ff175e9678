import { describe, expect, test } from 'vitest';
import { rowKeysAfter } from '@/src/ui/state/row-keys';

const BEFORE = rowKeysAfter({ addresses: [], keys: [] }, ['a', 'b', 'c']);

describe('rows of a list', () => {
  test.each([
    ['stay what they are', ['a', 'b', 'c'], [0, 1, 2]],
    ['stay the same when an address is changed', ['a', 'B', 'c'], [0, 1, 2]],
    ['move with their address', ['b', 'a', 'c'], [1, 0, 2]],
    ['go alone', ['b', 'c'], [1, 2]],
    ['are new when they are added', ['a', 'b', 'c', 'd'], [0, 1, 2, 3]],
    ['are new in a list of another length', ['x', 'c'], [3, 2]],
  ])('%s', (_what, addresses, keys) => {
    expect(rowKeysAfter(BEFORE, addresses).keys).toEqual(keys);
  });

  test('none has the key of another that was there before it', () => {
    const moved = rowKeysAfter(BEFORE, ['c', 'a']);
    expect(rowKeysAfter(moved, ['c', 'a', 'd', 'e']).keys).toEqual([2, 0, 3, 4]);
  });
});
