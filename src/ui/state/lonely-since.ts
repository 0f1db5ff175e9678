import type { SessionSnapshot } from '@/src/protocol/engine-api';
import { hasSource } from './session-facts';

/** Since when nobody has been there to send, in ms since the epoch; undefined while one is. */
export function lonelySince(previousMs: number | undefined, session: SessionSnapshot | undefined, nowMs: number): number | undefined {
  if (session !== undefined && hasSource(session)) return undefined;
  return previousMs ?? nowMs;
}
