/*
 * What to do about a link whose path is lost: a machine that moved from Wi-Fi to a mobile network, a cable pulled out. Weighs, in this order:
 * 1. whether the path is lost at all: as long as packets come, nothing is touched;
 * 2. how long an ICE restart has been tried: one that works takes a few round trips, but the peer's way to the signaling server, lost in the same
 *    moment, takes some seconds to come back. A new link starts from nothing, so that is waited for, up to a bound;
 * 3. how sure the loss is: `failed` is final. `disconnected` often mends itself (RFC 8445, W3C webrtc-pc: "may trigger intermittently"); browsers
 *    say it after some 5 s without an answer, so that another 2 s are enough. Where the machine itself just came back to a network, its old
 *    addresses are gone, and nothing is waited for;
 * 4. who offered the link offers the restart, so that no two restarts cross. The other side waits as long, and then gives up by itself.
 */

export interface PathFacts {
  readonly state: 'connected' | 'disconnected' | 'failed';
  /** Whether this side offered the link. */
  readonly isOfferer: boolean;
  /** Since it was last connected. */
  readonly lostForMs: number;
  /** Since this machine came back to a network; Infinity if it never left. */
  readonly onlineForMs: number;
  /** Since the first restart of this loss, and since the last; undefined before it. */
  readonly restartingForMs: number | undefined;
  readonly lastOfferMs: number | undefined;
}

export interface PathLimits {
  /** `disconnected` for so long is taken for a loss. */
  readonly disconnectedMs: number;
  /** A restart that helped nothing by then is given up. */
  readonly restartMs: number;
  /** An offer that led nowhere is made anew after this: it, or its answer, may have gone to a socket that was dead. */
  readonly repeatMs: number;
}

export const DEFAULT_PATH_LIMITS: PathLimits = { disconnectedMs: 2000, restartMs: 10_000, repeatMs: 3000 };

export type PathAction = { readonly kind: 'restart' } | { readonly kind: 'give-up' } | { readonly kind: 'wait'; readonly ms: number };

/** `wait` says when to ask again; of a connected path, never. */
export function choosePathAction(facts: PathFacts, limits: PathLimits = DEFAULT_PATH_LIMITS): PathAction {
  const { state, isOfferer, lostForMs, onlineForMs, restartingForMs, lastOfferMs } = facts;
  if (state === 'connected') return { kind: 'wait', ms: Number.POSITIVE_INFINITY };
  const sureMs = state === 'failed' || onlineForMs < limits.restartMs ? 0 : limits.disconnectedMs;
  if (!isOfferer) return waitOr('give-up', limits.disconnectedMs + limits.restartMs - lostForMs);
  if (restartingForMs === undefined || lastOfferMs === undefined) return waitOr('restart', sureMs - lostForMs);
  if (restartingForMs >= limits.restartMs) return { kind: 'give-up' };
  return waitOr('restart', limits.repeatMs - lastOfferMs, limits.restartMs - restartingForMs);
}

function waitOr(kind: 'restart' | 'give-up', ms: number, atMostMs = ms): PathAction {
  return ms <= 0 ? { kind } : { kind: 'wait', ms: Math.min(ms, atMostMs) };
}
