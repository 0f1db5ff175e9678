import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatElapsed, formatMilliseconds, formatRate, formatShare } from '@/src/ui/state/format';

describe('numbers for people', () => {
  it('gives bytes in decimal units with one decimal where it tells something', () => {
    expect([0, 900, 14_000, 999_499, 999_500, 4_210_000, 128_000_000, 1_240_000_000].map(formatBytes)).toEqual([
      '0 kB',
      '1 kB',
      '14 kB',
      '999 kB',
      '1.0 MB',
      '4.2 MB',
      '128 MB',
      '1.2 GB',
    ]);
  });

  it('gives rates per second', () => {
    expect([0, 212_000, 1_830_000].map(formatRate)).toEqual(['0 kB/s', '212 kB/s', '1.8 MB/s']);
  });

  it('says 100% only when nothing is missing', () => {
    expect([formatShare(999, 1000), formatShare(1000, 1000), formatShare(0, 0)]).toEqual(['99%', '100%', '0%']);
  });

  it('changes from milliseconds to seconds at one second', () => {
    expect([0, 230, 999, 1000, 1340].map(formatMilliseconds)).toEqual(['0 ms', '230 ms', '999 ms', '1.0 s', '1.3 s']);
  });

  it('counts waits in whole seconds', () => {
    expect([0, 3_999, 60_000, 125_000].map(formatElapsed)).toEqual(['0 s', '3 s', '1 min 0 s', '2 min 5 s']);
  });

  it('puts a noun into the plural', () => {
    expect([formatCount(0, 'peer'), formatCount(1, 'peer'), formatCount(1204, 'peer')]).toEqual(['0 peers', '1 peer', '1,204 peers']);
  });
});
