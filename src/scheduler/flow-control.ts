import { BLOCK_UNIT_BYTES, MAX_BLOCK_BYTES } from '@/src/protocol/peer-messages';

/*
 * How many bytes may be asked for over one connection at once. Delay-based, as LEDBAT (RFC 6817) is: the receiver steers. Weighs
 * 1. the lowest block latency of each step over the lowest seen lately (queues are building: shrink). Not that of any one block: behind
 *    others it waits a round trip or two for the connection's own window, and with too little under way that window never grows;
 * 2. whether the window was used (an idle link says nothing: keep);
 * 3. how far it got before a queue built up: fast up to there, slowly beyond (as slow start and congestion avoidance, RFC 5681).
 * It grows with each block that comes, not in steps: a step is a burst of requests, and bursts overflow queues and the receiver's socket.
 * "Lately" ends after a while: a path that has become longer for good must not look like a queue for ever.
 * Start small so that slow start delivers the first block early; measured on a 20 Mbit/s line an unsteered window collapses to a tenth.
 */

export interface FlowState {
  readonly windowBytes: number;
  readonly lowestLatencyMs: number;
  /** The lowest since `recentSinceMs`: what the lowest becomes when its time is over. */
  readonly recentLowestMs: number;
  readonly recentSinceMs: number;
  /** The lowest since `stepSinceMs`, and by how much that of the step before was over the lowest of all. */
  readonly stepLowestMs: number;
  readonly stepSinceMs: number;
  readonly queueMs: number;
  /** When it shrank last, or began. */
  readonly shrunkAtMs: number;
  /** Beyond this it grows slowly: a queue built up a little above it. */
  readonly cautiousBytes: number;
}

export interface FlowLimits {
  readonly startBytes: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** Latency above the lowest that is taken for a queue. */
  readonly targetMs: number;
  /** What is looked at together; it shrinks at most once in this time. */
  readonly stepMs: number;
  /** Growth for each byte that comes, up to where a queue built up: 1 doubles the window in each round trip. */
  readonly fastGrowth: number;
  /** Growth in each full window beyond that. */
  readonly slowGrowthBytes: number;
  /** What is thought to be the limit is forgotten after so long without a queue. */
  readonly cautiousMs: number;
  /** How long a lowest latency counts after it was last confirmed, at most twice this. */
  readonly baselineMs: number;
}

export const DEFAULT_FLOW_LIMITS: FlowLimits = {
  startBytes: 64 * 1024,
  minBytes: 32 * 1024,
  maxBytes: 4 * 1024 * 1024,
  targetMs: 40,
  stepMs: 100,
  fastGrowth: 0.25,
  slowGrowthBytes: 8 * 1024,
  cautiousMs: 5000,
  baselineMs: 10_000,
};

export function startFlow(limits: FlowLimits, nowMs: number): FlowState {
  const unknownMs = Number.POSITIVE_INFINITY;
  return {
    windowBytes: limits.startBytes,
    lowestLatencyMs: unknownMs,
    recentLowestMs: unknownMs,
    recentSinceMs: nowMs,
    stepLowestMs: unknownMs,
    stepSinceMs: nowMs,
    queueMs: 0,
    shrunkAtMs: nowMs,
    cautiousBytes: limits.maxBytes,
  };
}

export interface BlockArrival {
  readonly latencyMs: number;
  readonly nowMs: number;
  readonly lengthBytes: number;
  /** Bytes still owed by the peer after this block. */
  readonly owedBytes: number;
  /** Round trip of the connection; undefined while it is unknown. */
  readonly rttMs: number | undefined;
}

export function steerFlow(state: FlowState, arrival: BlockArrival, limits: FlowLimits): FlowState {
  const known: FlowState = { ...state, ...lowestOf(state, arrival, limits), stepLowestMs: Math.min(state.stepLowestMs, arrival.latencyMs) };
  const { nowMs, lengthBytes } = arrival;
  if (nowMs - state.stepSinceMs >= limits.stepMs) return endStep(known, nowMs, limits);
  const isUsed = arrival.owedBytes + lengthBytes + refillBytes(state, arrival.rttMs) > state.windowBytes;
  if (!isUsed || state.queueMs > limits.targetMs) return known;
  const { windowBytes } = state;
  const growth = windowBytes < state.cautiousBytes ? lengthBytes * limits.fastGrowth : (limits.slowGrowthBytes * lengthBytes) / windowBytes;
  return { ...known, windowBytes: Math.min(limits.maxBytes, windowBytes + growth) };
}

function endStep(state: FlowState, nowMs: number, limits: FlowLimits): FlowState {
  const queueMs = state.stepLowestMs - state.lowestLatencyMs;
  const ended = { ...state, queueMs, stepLowestMs: Number.POSITIVE_INFINITY, stepSinceMs: nowMs };
  if (queueMs > limits.targetMs) {
    const windowBytes = Math.max(limits.minBytes, state.windowBytes * Math.max(0.7, limits.targetMs / queueMs));
    return { ...ended, windowBytes, cautiousBytes: 0.9 * state.windowBytes, shrunkAtMs: nowMs };
  }
  return nowMs - state.shrunkAtMs >= limits.cautiousMs ? { ...ended, cautiousBytes: limits.maxBytes } : ended;
}

function lowestOf(state: FlowState, { latencyMs, nowMs }: BlockArrival, limits: FlowLimits): Partial<FlowState> {
  const recentLowestMs = Math.min(state.recentLowestMs, latencyMs);
  if (nowMs - state.recentSinceMs < limits.baselineMs) {
    return { lowestLatencyMs: Math.min(state.lowestLatencyMs, latencyMs), recentLowestMs, recentSinceMs: state.recentSinceMs };
  }
  return { lowestLatencyMs: recentLowestMs, recentLowestMs: latencyMs, recentSinceMs: nowMs };
}

/** A block of 64 KiB is a burst of fifty packets: on longer paths than this, that much is more than a receiver's socket holds. */
const LONG_PATH_MS = 15;

/**
 * Bytes a single request should ask for: small until the link has shown its speed, and on long paths. Each block is a message, and each
 * message costs both sides as much as many packets.
 * @param rttMs of the connection: where the other side is slow to answer, blocks come late over a short path, too
 */
export function blockBytes(state: FlowState, rttMs: number | undefined): number {
  const pathMs = Math.min(state.lowestLatencyMs, rttMs ?? Number.POSITIVE_INFINITY);
  if (pathMs >= LONG_PATH_MS && Number.isFinite(pathMs)) return BLOCK_UNIT_BYTES;
  if (state.windowBytes >= 4 * MAX_BLOCK_BYTES) return MAX_BLOCK_BYTES;
  return state.windowBytes >= 2 * MAX_BLOCK_BYTES ? MAX_BLOCK_BYTES / 2 : BLOCK_UNIT_BYTES;
}

/**
 * What has to be missing from a full window before it is filled, as requests are messages, too. On long paths blocks are asked for one by
 * one: several together come as a burst.
 */
export function refillBytes(state: FlowState, rttMs: number | undefined): number {
  const block = blockBytes(state, rttMs);
  return block < MAX_BLOCK_BYTES ? block : Math.max(block, state.windowBytes / 4);
}
