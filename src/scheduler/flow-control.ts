import { BLOCK_UNIT_BYTES, MAX_BLOCK_BYTES } from '@/src/protocol/peer-messages';

/*
 * How many bytes may be asked for over one connection at once. Delay-based, as LEDBAT (RFC 6817) is: the receiver steers. Weighs
 * 1. the lowest block latency of each step over the lowest seen lately (queues are building: shrink). Not that of any one block: behind
 *    others it waits a round trip or two for the connection's own window, and with too little under way that window never grows;
 * 2. whether blocks waited at their sender: SCTP's own window has to grow first, and a latency with that in it is no measure of the path;
 * 3. whether the window was used (an idle link says nothing: keep);
 * 4. how far it got before a queue built up: fast up to there, slowly beyond (as slow start and congestion avoidance, RFC 5681). The first sign
 *    of one ends the fast growth (as HyStart, RFC 9406): what a window costs shows two round trips later, and one that has overshot a home's
 *    uplink by then loses so many packets at once that SCTP needs ten seconds to repair them.
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
  /** The lowest since `stepSinceMs`, of how many, and by how much that of the step before was over the lowest of all. */
  readonly stepLowestMs: number;
  readonly stepBlocks: number;
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
  /** What one more connection begins with. */
  readonly laneBytes: number;
  readonly maxBytes: number;
  /** The most of one of several connections over a long path, for each millisecond of it. */
  readonly longPathBytesPerMs: number;
  /** Latency above the lowest that is taken for a queue; on a short path it is rather that of a busy machine. */
  readonly targetMs: number;
  readonly shortPathTargetMs: number;
  /** Latency above the lowest that is taken for the beginning of one, if so many blocks of a step all show it. */
  readonly earlyMs: number;
  readonly earlyBlocks: number;
  /** What is looked at together; it shrinks at most once in this time. */
  readonly stepMs: number;
  /** Growth for each byte that comes, up to where a queue built up: 1 doubles the window in each round trip. */
  readonly fastGrowth: number;
  /** The same beyond that, and the least of it in each full window of all connections to one peer together. */
  readonly slowGrowth: number;
  readonly slowGrowthBytes: number;
  /** What is thought to be the limit is forgotten after so long without a queue. */
  readonly cautiousMs: number;
  /** Latency above the lowest at which less is asked for whatever the reason, once in as long. */
  readonly hopelessMs: number;
  /** How long a lowest latency counts after it was last confirmed, at most twice this. */
  readonly baselineMs: number;
}

export const DEFAULT_FLOW_LIMITS: FlowLimits = {
  startBytes: 64 * 1024,
  minBytes: 32 * 1024,
  laneBytes: 48 * 1024,
  maxBytes: 4 * 1024 * 1024,
  longPathBytesPerMs: 3000,
  targetMs: 25,
  shortPathTargetMs: 40,
  earlyMs: 8,
  earlyBlocks: 8,
  stepMs: 100,
  fastGrowth: 0.5,
  slowGrowth: 1 / 16,
  slowGrowthBytes: 8 * 1024,
  cautiousMs: 5000,
  hopelessMs: 400,
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
    stepBlocks: 0,
    stepSinceMs: nowMs,
    queueMs: 0,
    shrunkAtMs: nowMs,
    cautiousBytes: limits.maxBytes,
  };
}

/**
 * Of one more connection to the same peer: it knows the path already, and what it may have under way is taken from the first one's, as both
 * go over one line.
 * @returns the first one's flow, and that of the other
 */
export function shareFlow(first: FlowState, limits: FlowLimits, nowMs: number): readonly [FlowState, FlowState] {
  const { lowestLatencyMs, recentLowestMs, recentSinceMs } = first;
  const isCautious = first.cautiousBytes < limits.maxBytes;
  const addedBytes = isCautious ? limits.minBytes : limits.laneBytes;
  const leftBytes = Math.max(Math.min(first.windowBytes, addedBytes), first.windowBytes - addedBytes);
  const added: FlowState = {
    ...startFlow(limits, nowMs),
    windowBytes: addedBytes,
    lowestLatencyMs,
    recentLowestMs,
    recentSinceMs,
    cautiousBytes: isCautious ? addedBytes : limits.maxBytes,
  };
  return [{ ...first, windowBytes: leftBytes }, added];
}

export interface BlockArrival {
  readonly latencyMs: number;
  readonly nowMs: number;
  readonly lengthBytes: number;
  /** Bytes still owed by the peer after this block. */
  readonly owedBytes: number;
  /** Round trip of the connection; undefined while it is unknown. */
  readonly rttMs: number | undefined;
  /** Connections to the same peer, this one among them: they grow as one. */
  readonly connections: number;
  /** It waited at its sender (SPEC B7). */
  readonly waited?: boolean;
}

export function steerFlow(state: FlowState, arrival: BlockArrival, limits: FlowLimits): FlowState {
  if (arrival.waited === true && isLongPath(state, arrival.rttMs)) return passOver(state, arrival, limits);
  const known = noteEarlySign(
    {
      ...state,
      ...lowestOf(state, arrival, limits),
      stepLowestMs: Math.min(state.stepLowestMs, arrival.latencyMs),
      stepBlocks: state.stepBlocks + 1,
    },
    limits,
  );
  const { nowMs, lengthBytes } = arrival;
  if (nowMs - state.stepSinceMs >= limits.stepMs) return endStep(known, nowMs, limits, targetOf(known, arrival.rttMs, limits));
  const isUsed = arrival.owedBytes + lengthBytes + refillBytes(state, arrival.rttMs) > state.windowBytes;
  if (!isUsed || state.queueMs > targetOf(known, arrival.rttMs, limits)) return known;
  const { windowBytes, cautiousBytes } = known;
  const growth =
    windowBytes < cautiousBytes
      ? lengthBytes * limits.fastGrowth
      : lengthBytes * Math.max(limits.slowGrowth, limits.slowGrowthBytes / windowBytes / arrival.connections);
  return { ...known, windowBytes: Math.max(windowBytes, Math.min(mostBytes(known, arrival, limits), windowBytes + growth)) };
}

/**
 * What SCTP itself holds back says nothing of the path: until it lets as much through as the window has, the window stays. Unless what is
 * asked for takes so long that it is better asked of others.
 */
function passOver(state: FlowState, { latencyMs, nowMs, rttMs }: BlockArrival, limits: FlowLimits): FlowState {
  const isHopeless = latencyMs - pathMs(state, rttMs) > limits.hopelessMs && nowMs - state.shrunkAtMs >= limits.hopelessMs;
  return isHopeless ? { ...state, windowBytes: Math.max(limits.minBytes, 0.7 * state.windowBytes), shrunkAtMs: nowMs } : state;
}

function noteEarlySign(state: FlowState, { earlyMs, earlyBlocks }: FlowLimits): FlowState {
  // A narrow window has fewer in all of a step.
  const enough = Math.min(earlyBlocks, Math.floor(state.windowBytes / BLOCK_UNIT_BYTES));
  const isSign = !isNarrow(state) && state.stepBlocks >= enough && state.stepLowestMs - state.lowestLatencyMs > earlyMs;
  return isSign && state.windowBytes < state.cautiousBytes ? { ...state, cautiousBytes: state.windowBytes } : state;
}

function endStep(state: FlowState, nowMs: number, limits: FlowLimits, targetMs: number): FlowState {
  const queueMs = state.stepLowestMs - state.lowestLatencyMs;
  const ended = { ...state, queueMs, stepLowestMs: Number.POSITIVE_INFINITY, stepBlocks: 0, stepSinceMs: nowMs };
  if (queueMs > targetMs) {
    const windowBytes = Math.max(limits.minBytes, state.windowBytes * Math.max(0.7, targetMs / queueMs));
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

function isLongPath(state: FlowState, rttMs: number | undefined): boolean {
  const ms = pathMs(state, rttMs);
  return ms >= LONG_PATH_MS && Number.isFinite(ms);
}

/** Infinite while nothing is known of it. */
function pathMs({ lowestLatencyMs }: FlowState, rttMs = Number.POSITIVE_INFINITY): number {
  return Math.min(lowestLatencyMs, rttMs);
}

function targetOf(state: FlowState, rttMs: number | undefined, limits: FlowLimits): number {
  if (!isLongPath(state, rttMs)) return limits.shortPathTargetMs;
  return isNarrow(state) ? state.lowestLatencyMs + limits.targetMs : limits.targetMs;
}

/** SCTP may let less through at once than a single block (RFC 9260, section 7.2.1): it takes a second round trip then, with no queue anywhere. */
function isNarrow({ windowBytes }: FlowState): boolean {
  return windowBytes <= 3 * BLOCK_UNIT_BYTES;
}

/** Of several connections over a long path each has so much that a receiver's socket, 64 KiB in browsers, holds what comes while a busy machine looks elsewhere. */
function mostBytes(state: FlowState, { rttMs, connections }: BlockArrival, { maxBytes, longPathBytesPerMs }: FlowLimits): number {
  if (connections === 1 || !isLongPath(state, rttMs)) return maxBytes;
  return Math.min(maxBytes, state.lowestLatencyMs * longPathBytesPerMs);
}

/**
 * Bytes a single request should ask for: small until the link has shown its speed, and on long paths. Each block is a message, and each of those
 * costs both sides work of its own.
 * @param rttMs of the connection: where the other side is slow to answer, blocks come late over a short path, too
 */
export function blockBytes(state: FlowState, rttMs: number | undefined): number {
  if (isLongPath(state, rttMs)) return BLOCK_UNIT_BYTES;
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
