import { BLOCK_UNIT_BYTES, MAX_BLOCK_BYTES } from '@/src/protocol/peer-messages';

/*
 * How many bytes may be asked of one peer at once. Delay-based, as LEDBAT (RFC 6817) is: the receiver steers. Weighs
 * 1. block latency over the lowest seen lately (queues are building: shrink);
 * 2. whether the window was used (an idle link says nothing: keep).
 * "Lately" ends after a while: a path that has become longer for good must not look like a queue for ever.
 * Start small so that slow start delivers the first block early; measured on a 20 Mbit/s line an unsteered window collapses to a tenth.
 */

export interface FlowState {
  readonly windowBytes: number;
  readonly lowestLatencyMs: number;
  /** The lowest since `recentSinceMs`: what the lowest becomes when its time is over. */
  readonly recentLowestMs: number;
  readonly recentSinceMs: number;
  readonly steeredAtMs: number;
}

export interface FlowLimits {
  readonly startBytes: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** Latency above the lowest that is taken for a queue. */
  readonly targetMs: number;
  /** Steered at most once in this time. */
  readonly stepMs: number;
  /** How long a lowest latency counts after it was last confirmed, at most twice this. */
  readonly baselineMs: number;
}

export const DEFAULT_FLOW_LIMITS: FlowLimits = {
  startBytes: 64 * 1024,
  minBytes: 32 * 1024,
  maxBytes: 4 * 1024 * 1024,
  targetMs: 25,
  stepMs: 100,
  baselineMs: 10_000,
};

export function startFlow(limits: FlowLimits, nowMs: number): FlowState {
  const unknownMs = Number.POSITIVE_INFINITY;
  return {
    windowBytes: limits.startBytes,
    lowestLatencyMs: unknownMs,
    recentLowestMs: unknownMs,
    recentSinceMs: nowMs,
    steeredAtMs: nowMs,
  };
}

export interface BlockArrival {
  readonly latencyMs: number;
  readonly nowMs: number;
  /** Bytes still owed by the peer after this block. */
  readonly owedBytes: number;
}

export function steerFlow(state: FlowState, arrival: BlockArrival, limits: FlowLimits): FlowState {
  const baseline = lowestOf(state, arrival, limits);
  if (arrival.nowMs - state.steeredAtMs < limits.stepMs) return { ...state, ...baseline };
  const queueMs = arrival.latencyMs - baseline.lowestLatencyMs;
  const used = arrival.owedBytes + 2 * MAX_BLOCK_BYTES >= state.windowBytes;
  let windowBytes = state.windowBytes;
  if (queueMs > limits.targetMs) windowBytes *= Math.max(0.7, limits.targetMs / queueMs);
  else if (used) windowBytes *= 1.5;
  windowBytes = Math.round(Math.min(limits.maxBytes, Math.max(limits.minBytes, windowBytes)));
  return { ...baseline, windowBytes, steeredAtMs: arrival.nowMs };
}

function lowestOf(state: FlowState, { latencyMs, nowMs }: BlockArrival, limits: FlowLimits) {
  const recentLowestMs = Math.min(state.recentLowestMs, latencyMs);
  if (nowMs - state.recentSinceMs < limits.baselineMs) {
    return { lowestLatencyMs: Math.min(state.lowestLatencyMs, latencyMs), recentLowestMs, recentSinceMs: state.recentSinceMs };
  }
  return { lowestLatencyMs: recentLowestMs, recentLowestMs: latencyMs, recentSinceMs: nowMs };
}

/** Bytes a single request should ask for: small until the link has shown its speed. */
export function blockBytes(state: FlowState): number {
  if (state.windowBytes >= 8 * MAX_BLOCK_BYTES) return MAX_BLOCK_BYTES;
  return state.windowBytes >= 4 * MAX_BLOCK_BYTES ? MAX_BLOCK_BYTES / 2 : BLOCK_UNIT_BYTES;
}
