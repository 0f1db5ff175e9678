import { expect, test } from 'vitest';
import { Traffic } from '@/src/engine/traffic';

test('totals only grow', () => {
  const traffic = new Traffic();
  traffic.downloaded(100, 0);
  traffic.downloaded(50, 1_000_000);
  traffic.uploaded(7, 0);
  traffic.wasted(20);
  expect(traffic.totals()).toEqual({ downloadedBytes: 150, uploadedBytes: 7, wastedBytes: 20, corruptBytes: 0 });
});

test('nothing moved is a rate of zero', () => {
  expect(new Traffic().rates(5000)).toEqual({ downloadBytesPerSecond: 0, uploadBytesPerSecond: 0 });
});

test('a steady rate is measured as it is', () => {
  const traffic = new Traffic();
  for (let nowMs = 10_000; nowMs < 20_000; nowMs += 50) {
    traffic.downloaded(5000, nowMs);
    traffic.uploaded(500, nowMs);
  }
  const { downloadBytesPerSecond, uploadBytesPerSecond } = traffic.rates(20_000);
  expect(downloadBytesPerSecond / 100_000).toBeCloseTo(1, 0);
  expect(uploadBytesPerSecond * 10).toBeCloseTo(downloadBytesPerSecond, 5);
});

test('a single burst is not taken for a rate it never had', () => {
  const traffic = new Traffic();
  traffic.downloaded(1000, 10_000);
  expect(traffic.rates(10_001).downloadBytesPerSecond).toBeLessThanOrEqual(1000);
});

test('what is longer ago than three seconds does not count', () => {
  const traffic = new Traffic();
  traffic.downloaded(1_000_000, 10_000);
  expect(traffic.rates(12_000).downloadBytesPerSecond).toBeGreaterThan(0);
  expect(traffic.rates(13_500).downloadBytesPerSecond).toBe(0);
});
