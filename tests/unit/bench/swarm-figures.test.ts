import { expect, test } from 'vitest';
import { swarmFigures } from '@/tests/bench/swarm-figures';

test('of several leechers the slowest gives the rate, and what they sent is a share of what all of them got', () => {
  const facts = { filmBytes: 60_000_000, completeMs: [10_000, 6000], uploadedBytes: [20_000_000, 10_000_000] };
  expect(swarmFigures(facts)).toEqual({ rateMBps: 6, fastestRateMBps: 10, leecherShare: 0.25 });
});

test('a single leecher has a rate and nothing to compare it with', () => {
  expect(swarmFigures({ filmBytes: 60_000_000, completeMs: [6000], uploadedBytes: [] })).toEqual({ rateMBps: 10 });
});
