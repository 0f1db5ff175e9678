import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_BLOCK_BYTES } from '@/src/protocol/peer-messages';
import { blockBytes, DEFAULT_FLOW_LIMITS as LIMITS, startFlow, steerFlow, type FlowState } from '@/src/scheduler/flow-control';
import { KIB } from './sample-info';

/** Blocks that arrive one steering step apart, each with the latency given, while the window is full. */
function steer(state: FlowState, latenciesMs: readonly number[], owedBytes = Number.POSITIVE_INFINITY): FlowState {
  return latenciesMs.reduce(
    (before, latencyMs) => steerFlow(before, { latencyMs, nowMs: before.steeredAtMs + LIMITS.stepMs, owedBytes }, LIMITS),
    state,
  );
}

const repeat = (latencyMs: number, times: number): number[] => Array.from({ length: times }, () => latencyMs);

test('it starts small', () => {
  expect(startFlow(LIMITS, 5)).toMatchObject({ windowBytes: LIMITS.startBytes, lowestLatencyMs: Number.POSITIVE_INFINITY, steeredAtMs: 5 });
});

test('it grows while the latency stays near its lowest, up to the limit', () => {
  const once = steer(startFlow(LIMITS, 0), [50]);
  expect(once.windowBytes).toBeGreaterThan(LIMITS.startBytes);
  expect(steer(once, repeat(50 + LIMITS.targetMs, 3)).windowBytes).toBeGreaterThan(once.windowBytes);
  expect(steer(once, repeat(50, 100)).windowBytes).toBe(LIMITS.maxBytes);
});

test('it shrinks when the latency rises, down to the limit, and grows again after that', () => {
  const grown = steer(startFlow(LIMITS, 0), repeat(50, 8));
  const queued = steer(grown, [50 + 2 * LIMITS.targetMs]);
  expect(queued.windowBytes).toBeLessThan(grown.windowBytes);
  expect(queued.windowBytes).toBeGreaterThanOrEqual(Math.floor(grown.windowBytes * 0.7));
  const lowest = steer(grown, repeat(2000, 100));
  expect(lowest.windowBytes).toBe(LIMITS.minBytes);
  expect(steer(lowest, [50]).windowBytes).toBeGreaterThan(LIMITS.minBytes);
});

test('a path that has become longer for good is its own measure after a while', () => {
  const before = steer(startFlow(LIMITS, 0), repeat(20, 20));
  const periods = (2 * LIMITS.baselineMs) / LIMITS.stepMs + 2;
  const squeezed = steer(before, repeat(120, 20));
  expect(squeezed.windowBytes).toBe(LIMITS.minBytes);
  expect(steer(squeezed, repeat(120, periods)).windowBytes).toBeGreaterThan(LIMITS.startBytes);
});

test('a window that is not used is kept: an idle link says nothing about its speed', () => {
  const grown = steer(startFlow(LIMITS, 0), repeat(50, 8));
  expect(grown.windowBytes).toBeGreaterThan(4 * MAX_BLOCK_BYTES);
  expect(steer(grown, repeat(50, 5), 0).windowBytes).toBe(grown.windowBytes);
});

test('it is steered once in a step, but never misses a lower latency', () => {
  const started = startFlow(LIMITS, 0);
  const early = steerFlow(started, { latencyMs: 50, nowMs: LIMITS.stepMs - 1, owedBytes: 1e9 }, LIMITS);
  expect(early).toEqual({ ...started, lowestLatencyMs: 50, recentLowestMs: 50 });
  expect(steerFlow(early, { latencyMs: 60, nowMs: LIMITS.stepMs - 1, owedBytes: 1e9 }, LIMITS)).toEqual(early);
});

test('the window keeps its limits whatever arrives', () => {
  const arrival = fc.record({
    latencyMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
    stepMs: fc.nat(5000),
    owedBytes: fc.nat(8 * 1024 * KIB),
  });
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 60 }), (arrivals) => {
      let state = startFlow(LIMITS, 0);
      let nowMs = 0;
      for (const { latencyMs, stepMs, owedBytes } of arrivals) {
        nowMs += stepMs;
        state = steerFlow(state, { latencyMs, nowMs, owedBytes }, LIMITS);
        expect(state.windowBytes).toBeGreaterThanOrEqual(LIMITS.minBytes);
        expect(state.windowBytes).toBeLessThanOrEqual(LIMITS.maxBytes);
        expect(blockBytes(state)).toBeLessThanOrEqual(state.windowBytes);
      }
    }),
  );
});

describe('the size of a request', () => {
  test.each([
    [LIMITS.startBytes, 16 * KIB],
    [256 * KIB - 1, 16 * KIB],
    [256 * KIB, 32 * KIB],
    [512 * KIB, 64 * KIB],
    [LIMITS.maxBytes, 64 * KIB],
  ])('with a window of %i bytes is %i', (windowBytes, expected) => {
    expect(blockBytes({ ...startFlow(LIMITS, 0), windowBytes })).toBe(expected);
  });
});
