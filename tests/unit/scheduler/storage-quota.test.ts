import { describe, expect, test } from 'vitest';
import { boundedWindowBytes, DEFAULT_QUOTA_BYTES, fetchAheadBytes, storageQuotaBytes } from '@/src/scheduler/storage-quota';

const GIGABYTE = 1_000_000_000;

describe('how much room films may take', () => {
  test('what the viewer set counts, whatever is free', () => {
    expect(storageQuotaBytes(3 * GIGABYTE, 5, 0)).toBe(3 * GIGABYTE);
  });

  test('by default it is 10 GB or a fifth of what is free, whichever is smaller', () => {
    expect(storageQuotaBytes(undefined, 400 * GIGABYTE, 0)).toBe(10 * GIGABYTE);
    expect(storageQuotaBytes(undefined, 20 * GIGABYTE, 0)).toBe(4 * GIGABYTE);
    expect(storageQuotaBytes(undefined, undefined, 0)).toBe(DEFAULT_QUOTA_BYTES);
  });

  test('the default does not shrink as films fill it', () => {
    expect(storageQuotaBytes(undefined, 17 * GIGABYTE, 3 * GIGABYTE)).toBe(storageQuotaBytes(undefined, 20 * GIGABYTE, 0));
  });
});

describe('how far ahead a film is fetched', () => {
  test('all of it when it fits', () => {
    expect(fetchAheadBytes(1000, 1000, 10, 1)).toBe(Number.POSITIVE_INFINITY);
  });

  test('half of the room when it does not, shared by the playheads, and never less than a window', () => {
    expect(fetchAheadBytes(1001, 1000, 10, 1)).toBe(500);
    expect(fetchAheadBytes(1001, 1000, 10, 2)).toBe(250);
    expect(fetchAheadBytes(1001, 0, 10, 3)).toBe(10);
  });

  test('a window takes a quarter of the quota at most', () => {
    expect(boundedWindowBytes(100, 1000)).toBe(100);
    expect(boundedWindowBytes(100, 100)).toBe(25);
  });
});
