import type { FailureCode, SessionSnapshot, SignalingSnapshot } from '@/src/protocol/engine-api';
import { connectedPeers, connectedServers, findFile, isFileComplete } from './session-facts';
import { isWatching, type ViewState } from './view-state';

/** From here on silence needs an explanation. */
export const NO_PEER_ADVICE_MS = 10_000;

/** What stands between the viewer and the film, if anything does. */
export type Advice =
  | { readonly kind: 'none' }
  | { readonly kind: 'no-server' }
  | { readonly kind: 'signaling-unreachable'; readonly servers: readonly SignalingSnapshot[] }
  | { readonly kind: 'no-peer'; readonly servers: readonly string[] }
  | { readonly kind: 'disk-full' }
  | { readonly kind: 'paused-by-user' }
  | { readonly kind: 'failed'; readonly code: FailureCode; readonly advice: string };

export interface AdviceFacts {
  readonly view: ViewState;
  readonly session: SessionSnapshot | undefined;
  readonly withoutPeerMs: number;
  readonly previous: Advice;
}

const NONE: Advice = { kind: 'none' };

/**
 * Weighs, most decisive first: is anything missing at all; did the session end or pause; is a peer there; can signaling be
 * reached; how long has nobody come.
 */
export function chooseAdvice(facts: AdviceFacts): Advice {
  const { session, view } = facts;
  if (session === undefined || !needsBytes(view, session)) return NONE;
  switch (session.state.kind) {
    case 'failed':
      return { kind: 'failed', code: session.state.code, advice: session.state.advice };
    case 'paused':
      return { kind: session.state.reason === 'disk-full' ? 'disk-full' : 'paused-by-user' };
    case 'searching':
    case 'metadata':
    case 'active':
      return connectedPeers(session).length > 0 ? NONE : loneliness(session, facts);
    case 'complete':
      return NONE;
  }
}

function loneliness(session: SessionSnapshot, facts: AdviceFacts): Advice {
  if (session.signaling.length === 0) return { kind: 'no-server' };
  const connected = connectedServers(session);
  if (connected.length === 0) {
    // While it tries again a server counts as connecting; the explanation must not vanish and return with every attempt.
    const explained = facts.previous.kind === 'signaling-unreachable';
    const unreachable = session.signaling.every((server) => server.state === 'unreachable');
    const silent = facts.withoutPeerMs >= NO_PEER_ADVICE_MS;
    return explained || unreachable || silent ? { kind: 'signaling-unreachable', servers: session.signaling } : NONE;
  }
  return facts.withoutPeerMs >= NO_PEER_ADVICE_MS ? { kind: 'no-peer', servers: connected } : NONE;
}

/** A film that plays from what is stored needs nobody. */
function needsBytes(view: ViewState, session: SessionSnapshot): boolean {
  if (!isWatching(view)) return view.kind === 'joining';
  const waits = view.kind === 'buffering' || view.kind === 'stalled';
  return waits && !isFileComplete(findFile(session, view.fileIndex));
}
