import { MAX_LANES } from '@/src/protocol/peer-messages';

/*
 * How many connections a link has beside its first. Weighs, in this order:
 * 1. room for connections in the browser: without it, none are opened;
 * 2. the path: over a relay each connection is an allocation its host pays for; on a path of a few milliseconds one carries all the machine can;
 * 3. how many peers deliver: several peers are several connections already, in all about as many as one link may have;
 * 4. how much is still to come: a connection takes some five round trips to set up, and as many again until it is up to speed;
 * 5. whether the film has stood still: beside a download of somebody else each of our connections gets about a share of the line, and a viewer
 *    who waits needs more of them than the usual ones, which are what takes a line that nobody else uses.
 * On long paths one SCTP association is what limits (it repairs a loss slowly and restarts low); the windows above them are steered as one, so
 * that several take no more of a shared line than one does. What is open stays until it is idle: opening costs more than keeping.
 */

export interface LaneFacts {
  /** Open or being set up. */
  readonly lanes: number;
  /** Round trip of the first connection; undefined while it is unknown. */
  readonly rttMs: number | undefined;
  readonly isRelayed: boolean;
  /** Peers that owe blocks, this one among them. */
  readonly deliveringPeers: number;
  /** Bytes that are wanted and that this peer has, at least as far as they matter here. */
  readonly wantedBytes: number;
  /** Connections that may still be opened, over all links. */
  readonly room: number;
  /** Nobody knows yet what the film is: what there is to measure was measured while everything started. */
  readonly isStarting: boolean;
  /** A viewer has seen it stand still for want of pieces. */
  readonly hasStalled: boolean;
  /** Since a block last came or went over the link. */
  readonly idleMs: number;
}

export interface LaneLimits {
  /** Of one link, unless the film has stood still. */
  readonly usualLanes: number;
  /** On shorter paths a single connection is enough. */
  readonly fromRttMs: number;
  /** The same while everything starts: a busy machine answers late. */
  readonly startFromRttMs: number;
  /** Less than this is fetched before another connection would help. */
  readonly minWantedBytes: number;
  /** A link nothing moved over for so long goes back to one connection. */
  readonly idleAfterMs: number;
}

export const DEFAULT_LANE_LIMITS: LaneLimits = {
  usualLanes: 3,
  fromRttMs: 15,
  startFromRttMs: 30,
  minWantedBytes: 2 * 1024 * 1024,
  idleAfterMs: 30_000,
};

/** The number of lanes to have from now on, at most {@link MAX_LANES}; 0 closes all. */
export function chooseLanes(facts: LaneFacts, limits: LaneLimits = DEFAULT_LANE_LIMITS): number {
  if (facts.idleMs >= limits.idleAfterMs) return 0;
  const fromRttMs = facts.isStarting ? limits.startFromRttMs : limits.fromRttMs;
  if (facts.rttMs === undefined || facts.rttMs < fromRttMs || facts.isRelayed) return facts.lanes;
  if (facts.wantedBytes < limits.minWantedBytes) return facts.lanes;
  const most = facts.hasStalled ? MAX_LANES : limits.usualLanes;
  const share = Math.floor((most + 1) / Math.max(1, facts.deliveringPeers)) - 1;
  return Math.max(facts.lanes, Math.min(share, facts.lanes + Math.max(0, facts.room)));
}
