import type { SessionSnapshot } from '@/src/protocol/engine-api';
import { connectedPeers } from './session-facts';

/** Since when no peer has been connected, in ms since the epoch; undefined while one is. */
export function lonelySince(previousMs: number | undefined, session: SessionSnapshot | undefined, nowMs: number): number | undefined {
  if (session !== undefined && connectedPeers(session).length > 0) return undefined;
  return previousMs ?? nowMs;
}
