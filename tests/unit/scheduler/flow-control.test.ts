import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_BLOCK_BYTES } from '@/src/protocol/peer-messages';
import {
  blockBytes,
  DEFAULT_FLOW_LIMITS as LIMITS,
  refillBytes,
  shareFlow,
  startFlow,
  steerFlow,
  type FlowState,
} from '@/src/scheduler/flow-control';
import { KIB } from './sample-info';

/** Full windows that arrive one step after the other, each block with the latency given, while the window is full. */
function steer(state: FlowState, latenciesMs: readonly number[], owedBytes = Number.POSITIVE_INFINITY): FlowState {
  const lengthBytes = 16 * KIB;
  let after = state;
  for (const latencyMs of latenciesMs) {
    const nowMs = after.stepSinceMs + LIMITS.stepMs;
    for (let left = after.windowBytes; left > 0; left -= lengthBytes)
      after = steerFlow(after, { latencyMs, nowMs, lengthBytes, owedBytes, rttMs: undefined, connections: 1 }, LIMITS);
  }
  return after;
}

const repeat = (latencyMs: number, times: number): number[] => Array.from({ length: times }, () => latencyMs);

test('it starts small', () => {
  expect(startFlow(LIMITS, 5)).toMatchObject({ windowBytes: LIMITS.startBytes, lowestLatencyMs: Number.POSITIVE_INFINITY, stepSinceMs: 5 });
});

test('it grows while the latency stays near its lowest, up to the limit', () => {
  const once = steer(startFlow(LIMITS, 0), [50, 50]);
  expect(once.windowBytes).toBeGreaterThan(LIMITS.startBytes);
  expect(steer(once, repeat(50 + LIMITS.targetMs, 3)).windowBytes).toBeGreaterThan(once.windowBytes);
  expect(steer(once, repeat(50, 100)).windowBytes).toBe(LIMITS.maxBytes);
});

test('it shrinks when the latency rises, down to the limit, and grows again after that', () => {
  const grown = steer(startFlow(LIMITS, 0), repeat(50, 8));
  const queued = steer(grown, repeat(50 + 2 * LIMITS.targetMs, 2));
  expect(queued.windowBytes).toBeLessThan(grown.windowBytes);
  expect(queued.windowBytes).toBeGreaterThanOrEqual(Math.floor(grown.windowBytes * 0.7));
  const lowest = steer(grown, repeat(2000, 100));
  expect(lowest.windowBytes).toBe(LIMITS.minBytes);
  expect(steer(lowest, repeat(50, 3)).windowBytes).toBeGreaterThan(LIMITS.minBytes);
});

test('blocks that came behind others do not count as a queue while one in each step came at once', () => {
  const grown = steer(startFlow(LIMITS, 0), repeat(50, 2));
  let state = grown;
  for (let block = 0; block < 40; block++) {
    const arrival = {
      latencyMs: block % 3 === 0 ? 55 : 160,
      nowMs: state.stepSinceMs + LIMITS.stepMs / 4,
      lengthBytes: 16 * KIB,
      owedBytes: 1e9,
      rttMs: undefined,
      connections: 1,
    };
    state = steerFlow(state, arrival, LIMITS);
  }
  expect(state.windowBytes).toBeGreaterThan(grown.windowBytes);
});

test('a path that has become longer for good is its own measure after a while', () => {
  const before = steer(startFlow(LIMITS, 0), repeat(20, 20));
  const periods = (2 * LIMITS.baselineMs + LIMITS.cautiousMs) / LIMITS.stepMs + 10;
  const squeezed = steer(before, repeat(120, 20));
  expect(squeezed.windowBytes).toBe(LIMITS.minBytes);
  expect(steer(squeezed, repeat(120, periods)).windowBytes).toBeGreaterThan(LIMITS.startBytes);
});

test('a window that is not used is kept: an idle link says nothing about its speed', () => {
  const grown = steer(startFlow(LIMITS, 0), repeat(50, 2));
  expect(grown.windowBytes).toBeGreaterThan(LIMITS.startBytes);
  expect(steer(grown, repeat(50, 5), 0).windowBytes).toBe(grown.windowBytes);
});

test('where a queue built up it grows slowly, until it has not for a while', () => {
  const grown = steer(startFlow(LIMITS, 0), repeat(50, 8));
  const queued = steer(grown, repeat(50 + 2 * LIMITS.targetMs, 2));
  const near = steer(queued, repeat(50, 4));
  const after = steer(near, repeat(50, 4));
  expect(near.windowBytes).toBeGreaterThan(queued.windowBytes);
  expect(after.windowBytes).toBeGreaterThan(near.windowBytes);
  expect(after.windowBytes).toBeLessThan(near.windowBytes * (1 + LIMITS.slowGrowth) ** 5);
  const longAfter = steer(queued, repeat(50, LIMITS.cautiousMs / LIMITS.stepMs + 20));
  expect(longAfter).toMatchObject({ windowBytes: LIMITS.maxBytes, cautiousBytes: LIMITS.maxBytes });
});

test('the first sign of a queue ends the fast growth, before there is one to shrink for', () => {
  const grown = steer(startFlow(LIMITS, 0), repeat(50, 2));
  const signs = (blocks: number, latencyMs: number): FlowState => {
    let state: FlowState = { ...grown, stepSinceMs: 1000, stepLowestMs: Number.POSITIVE_INFINITY, stepBlocks: 0 };
    const arrival = { nowMs: 1001, lengthBytes: 16 * KIB, owedBytes: 1e9, rttMs: undefined, connections: 1 };
    for (let block = 0; block < blocks; block++) state = steerFlow(state, { ...arrival, latencyMs }, LIMITS);
    return state;
  };
  expect(signs(LIMITS.earlyBlocks - 1, 51 + LIMITS.earlyMs).cautiousBytes, 'a few late blocks are none').toBe(LIMITS.maxBytes);
  expect(signs(LIMITS.earlyBlocks, 49 + LIMITS.earlyMs).cautiousBytes).toBe(LIMITS.maxBytes);
  const noticed = signs(LIMITS.earlyBlocks, 51 + LIMITS.earlyMs);
  expect(noticed.cautiousBytes).toBeLessThan(LIMITS.maxBytes);
  expect(noticed.windowBytes, 'it is no queue yet').toBeGreaterThan(grown.windowBytes);
});

test('a narrow window has fewer blocks in a step than the sign takes: all of them are enough', () => {
  const narrow: FlowState = { ...startFlow(LIMITS, 0), windowBytes: 64 * KIB, lowestLatencyMs: 50, recentLowestMs: 50 };
  const late = { latencyMs: 51 + LIMITS.earlyMs, nowMs: 1, lengthBytes: 16 * KIB, owedBytes: 0, rttMs: undefined, connections: 1 };
  let state = narrow;
  for (let block = 0; block < 3; block++) state = steerFlow(state, late, LIMITS);
  expect(state.cautiousBytes).toBe(LIMITS.maxBytes);
  expect(steerFlow(state, late, LIMITS).cautiousBytes).toBeLessThan(LIMITS.maxBytes);
});

test('a block that takes a second round trip is no queue while the window has but a few', () => {
  const narrow: FlowState = { ...startFlow(LIMITS, 0), windowBytes: 48 * KIB, lowestLatencyMs: 50, recentLowestMs: 50 };
  expect(steer(narrow, [50 + 50 + LIMITS.targetMs]).cautiousBytes).toBe(LIMITS.maxBytes);
  expect(steer(narrow, [50 + 50 + LIMITS.targetMs + 1]).windowBytes).toBeLessThan(narrow.windowBytes);
  expect(steer({ ...narrow, windowBytes: 64 * KIB }, [50 + 50]).cautiousBytes).toBeLessThan(64 * KIB);
});

describe('blocks that waited at their sender', () => {
  const grown = steer(startFlow(LIMITS, 0), repeat(50, 4));
  const waited = { lengthBytes: 16 * KIB, owedBytes: 1e9, rttMs: undefined, connections: 1, waited: true };

  test('are no measure of a long path: the window neither grows nor shrinks by them', () => {
    let state = grown;
    for (let block = 0; block < 40; block++)
      state = steerFlow(state, { ...waited, latencyMs: 50 + 5 * block, nowMs: grown.stepSinceMs + 10 * block }, LIMITS);
    expect(state).toEqual(grown);
  });

  test('count as any other on a short one', () => {
    const short = steer(startFlow(LIMITS, 0), repeat(2, 4));
    const arrival = { ...waited, latencyMs: 2, nowMs: short.stepSinceMs + 1 };
    expect(steerFlow(short, arrival, LIMITS).windowBytes).toBeGreaterThan(short.windowBytes);
  });

  test('take from the window once in a while where they take hopelessly long', () => {
    const nowMs = grown.shrunkAtMs + LIMITS.hopelessMs;
    const once = steerFlow(grown, { ...waited, latencyMs: 51 + LIMITS.hopelessMs, nowMs }, LIMITS);
    expect(once.windowBytes).toBe(0.7 * grown.windowBytes);
    expect(steerFlow(once, { ...waited, latencyMs: 51 + LIMITS.hopelessMs, nowMs: nowMs + 1 }, LIMITS)).toEqual(once);
    const first = { ...waited, rttMs: 50, latencyMs: 51 + LIMITS.hopelessMs, nowMs: LIMITS.hopelessMs };
    expect(steerFlow(startFlow(LIMITS, 0), first, LIMITS).windowBytes, 'before any came at once').toBe(0.7 * LIMITS.startBytes);
  });
});

test('on a short path what is late is rather a busy machine', () => {
  const grown = steer(startFlow(LIMITS, 0), repeat(2, 8));
  expect(steer(grown, repeat(2 + LIMITS.shortPathTargetMs - 1, 2)).windowBytes).toBeGreaterThanOrEqual(grown.windowBytes);
  expect(steer(grown, repeat(2 + LIMITS.shortPathTargetMs + 20, 2)).windowBytes).toBeLessThan(grown.windowBytes);
});

describe('one more connection', () => {
  const first = steer(startFlow(LIMITS, 0), repeat(50, 4));

  test('takes what it begins with from the first, and knows the path', () => {
    const [left, added] = shareFlow(first, LIMITS, 5000);
    expect(left.windowBytes + added.windowBytes).toBe(first.windowBytes);
    expect(added).toMatchObject({ windowBytes: LIMITS.laneBytes, lowestLatencyMs: 50, stepSinceMs: 5000, cautiousBytes: LIMITS.maxBytes });
  });

  test('grows slowly from its beginning where the first has come upon a queue', () => {
    const [, added] = shareFlow({ ...first, cautiousBytes: 200 * KIB }, LIMITS, 5000);
    expect(added).toMatchObject({ windowBytes: LIMITS.minBytes, cautiousBytes: LIMITS.minBytes });
  });

  test('leaves the first what every connection has', () => {
    const [left] = shareFlow({ ...first, windowBytes: LIMITS.minBytes }, LIMITS, 5000);
    expect(left.windowBytes).toBe(LIMITS.minBytes);
    expect(shareFlow(startFlow(LIMITS, 0), LIMITS, 5000)[0].windowBytes).toBe(LIMITS.laneBytes);
  });

  test('shares a long path: each has its part, where one alone has what it gets', () => {
    const arrival = { nowMs: first.stepSinceMs + 1, lengthBytes: 16 * KIB, owedBytes: 1e9, rttMs: undefined };
    const widest = (lowestLatencyMs: number, connections: number): number => {
      let state: FlowState = { ...startFlow(LIMITS, first.stepSinceMs), lowestLatencyMs, recentLowestMs: lowestLatencyMs };
      for (let block = 0; block < 1000; block++) state = steerFlow(state, { ...arrival, latencyMs: lowestLatencyMs, connections }, LIMITS);
      return state.windowBytes;
    };
    expect(widest(50, 2)).toBe(50 * LIMITS.longPathBytesPerMs);
    expect(widest(50, 1)).toBe(LIMITS.maxBytes);
    expect(widest(5, 2), 'it is a short one').toBe(LIMITS.maxBytes);
  });

  test('shares the least that all of them grow by', () => {
    const cautious: FlowState = { ...first, windowBytes: LIMITS.minBytes, cautiousBytes: 0 };
    const arrival = { latencyMs: 50, nowMs: first.stepSinceMs + 1, lengthBytes: LIMITS.minBytes, owedBytes: 1e9, rttMs: undefined };
    const growth = (connections: number): number => steerFlow(cautious, { ...arrival, connections }, LIMITS).windowBytes - LIMITS.minBytes;
    expect(growth(1)).toBe(LIMITS.slowGrowthBytes);
    expect(growth(4)).toBe(Math.max(LIMITS.slowGrowthBytes / 4, LIMITS.minBytes * LIMITS.slowGrowth));
  });
});

test('it never grows by more than a part of what came: growth is no burst', () => {
  const started = startFlow(LIMITS, 0);
  const after = steerFlow(
    started,
    { latencyMs: 50, nowMs: 1, lengthBytes: 16 * KIB, owedBytes: 1e9, rttMs: undefined, connections: 1 },
    LIMITS,
  );
  expect(after.windowBytes).toBe(started.windowBytes + 16 * KIB * LIMITS.fastGrowth);
});

test('the window keeps its limits whatever arrives', () => {
  const arrival = fc.record({
    latencyMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
    stepMs: fc.nat(5000),
    lengthBytes: fc.integer({ min: 1, max: MAX_BLOCK_BYTES }),
    owedBytes: fc.nat(8 * 1024 * KIB),
    rttMs: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
    waited: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 60 }), (arrivals) => {
      let state = startFlow(LIMITS, 0);
      let nowMs = 0;
      for (const { latencyMs, stepMs, lengthBytes, owedBytes, rttMs, waited } of arrivals) {
        nowMs += stepMs;
        state = steerFlow(state, { latencyMs, nowMs, lengthBytes, owedBytes, rttMs, connections: 1, waited }, LIMITS);
        expect(state.windowBytes).toBeGreaterThanOrEqual(LIMITS.minBytes);
        expect(state.windowBytes).toBeLessThanOrEqual(LIMITS.maxBytes);
        expect(blockBytes(state, rttMs)).toBeLessThanOrEqual(refillBytes(state, rttMs));
        expect(refillBytes(state, rttMs)).toBeLessThanOrEqual(state.windowBytes);
      }
    }),
  );
});

describe('the size of a block', () => {
  test.each([
    [LIMITS.startBytes, 16 * KIB],
    [128 * KIB - 1, 16 * KIB],
    [128 * KIB, 32 * KIB],
    [256 * KIB - 1, 32 * KIB],
    [256 * KIB, 64 * KIB],
    [LIMITS.maxBytes, 64 * KIB],
  ])('with a window of %i bytes is %i', (windowBytes, expected) => {
    expect(blockBytes({ ...startFlow(LIMITS, 0), windowBytes }, undefined)).toBe(expected);
  });

  test('stays small on long paths', () => {
    expect(blockBytes(wide(50), undefined)).toBe(16 * KIB);
    expect(blockBytes(wide(2), undefined)).toBe(64 * KIB);
    expect(blockBytes(wide(Number.POSITIVE_INFINITY), 15)).toBe(16 * KIB);
    expect(blockBytes(wide(50), 15)).toBe(16 * KIB);
  });

  test('goes by the round trip where blocks come late over a short path', () => {
    expect(blockBytes(wide(50), 14)).toBe(64 * KIB);
    expect(blockBytes(wide(50), 0)).toBe(64 * KIB);
    expect(blockBytes({ ...wide(50), windowBytes: 128 * KIB }, 2)).toBe(32 * KIB);
    expect(blockBytes(wide(2), 50), 'a block was here sooner than it says').toBe(64 * KIB);
  });
});

describe('what is missing before a window is filled again', () => {
  test.each([
    [LIMITS.startBytes, 16 * KIB],
    [128 * KIB, 32 * KIB],
    [256 * KIB, 64 * KIB],
    [512 * KIB, 128 * KIB],
    [1024 * KIB, 256 * KIB],
  ])('of %i bytes is %i', (windowBytes, expected) => {
    expect(refillBytes({ ...startFlow(LIMITS, 0), windowBytes }, undefined)).toBe(expected);
  });

  test('is a block on long paths: several together come as a burst', () => {
    expect(refillBytes(wide(50), undefined)).toBe(16 * KIB);
    expect(refillBytes(wide(50), 2)).toBe(LIMITS.maxBytes / 4);
  });

  test('counts as in use: a window that is filled in few requests grows, too', () => {
    const state = { ...startFlow(LIMITS, 0), windowBytes: 512 * KIB, lowestLatencyMs: 50 };
    const arrival = { latencyMs: 50, nowMs: 1, lengthBytes: 64 * KIB, owedBytes: 512 * KIB - 191 * KIB };
    expect(steerFlow(state, { ...arrival, rttMs: 2, connections: 1 }, LIMITS).windowBytes).toBeGreaterThan(state.windowBytes);
    expect(steerFlow(state, { ...arrival, rttMs: 50, connections: 1 }, LIMITS).windowBytes).toBe(state.windowBytes);
  });
});

/** A window as wide as they get, of a connection whose quickest block took so long. */
function wide(lowestLatencyMs: number): FlowState {
  return { ...startFlow(LIMITS, 0), windowBytes: LIMITS.maxBytes, lowestLatencyMs };
}
