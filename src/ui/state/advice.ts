import type { EngineMode, FailureCode, SessionSnapshot, SignalingSnapshot } from '@/src/protocol/engine-api';
import { peerSearch, type PeerSearch } from './peer-search';
import { findFile, hasSource, isFileComplete } from './session-facts';
import { isWatching, type ViewState } from './view-state';
import type { Notice } from '@/src/protocol/notice';

/** From here on silence needs an explanation. */
export const NO_PEER_ADVICE_MS = 10_000;
/** A signaling server may issue a relay as soon as it answers; then nothing is lacking. */
export const NO_RELAY_ADVICE_MS = 2000;

/** What stands between the viewer and the film, if anything does. */
export type Advice =
  | { readonly kind: 'none' }
  | { readonly kind: 'no-server'; readonly mode: EngineMode }
  | { readonly kind: 'signaling-unreachable'; readonly servers: readonly SignalingSnapshot[] }
  | { readonly kind: 'no-peer'; readonly search: PeerSearch }
  | { readonly kind: 'disk-full' }
  | { readonly kind: 'paused-by-user' }
  | { readonly kind: 'failed'; readonly code: FailureCode; readonly advice: Notice };

export interface AdviceFacts {
  readonly view: ViewState;
  readonly session: SessionSnapshot | undefined;
  readonly withoutPeerMs: number;
  readonly previous: Advice;
}

const NONE: Advice = { kind: 'none' };

/**
 * Weighs, most decisive first: is anything missing at all; did the session end or pause; is anybody there who sends; is there
 * anybody to ask; can one of them be reached; how long has nobody come.
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
      return hasSource(session) ? NONE : loneliness(session, facts);
    case 'complete':
      return NONE;
  }
}

function loneliness(session: SessionSnapshot, facts: AdviceFacts): Advice {
  const search = peerSearch(session);
  const silent = facts.withoutPeerMs >= NO_PEER_ADVICE_MS;
  if (search.lacksRelay) return facts.withoutPeerMs >= NO_RELAY_ADVICE_MS ? { kind: 'no-peer', search } : NONE;
  if (search.stage === 'nobody-to-ask') {
    const isAsked = search.mode !== 'webtorrent' && session.publisherServers.some(({ answer }) => answer === 'none');
    return isAsked ? NONE : { kind: 'no-server', mode: search.mode };
  }
  const onlySignaling = search.trackers.length === 0 && search.webSeeds.length === 0;
  if (search.stage === 'asking') return silent ? { kind: 'no-peer', search } : NONE;
  // While it tries again a server counts as connecting; the explanation must not vanish and return with every attempt.
  const explained = facts.previous.kind === 'signaling-unreachable' || facts.previous.kind === 'no-peer';
  if (!explained && !silent && search.stage === 'connecting') return NONE;
  return onlySignaling ? { kind: 'signaling-unreachable', servers: search.signaling } : { kind: 'no-peer', search };
}

/** A film that plays from what is stored needs nobody. */
function needsBytes(view: ViewState, session: SessionSnapshot): boolean {
  if (!isWatching(view)) return view.kind === 'joining';
  const waits = view.kind === 'buffering' || view.kind === 'stalled';
  return waits && !isFileComplete(findFile(session, view.fileIndex));
}
