import type { EngineMode, SessionSnapshot } from '@/src/protocol/engine-api';

/** Stalls this player saw, under the engine that was chosen then. */
export interface StallsByEngine {
  /** The session's own count when last looked at; undefined before. */
  readonly counted: number | undefined;
  readonly stalls: Readonly<Record<EngineMode, number>>;
}

export const NO_STALLS: StallsByEngine = { counted: undefined, stalls: { webrtc: 0, webtorrent: 0, hybrid: 0 } };

/** Stalls from before the first look are nobody's: another tab had them, maybe with another engine. */
export function countStalls(previous: StallsByEngine, session: Pick<SessionSnapshot, 'mode' | 'stalls'>): StallsByEngine {
  const more = Math.max(0, session.stalls - (previous.counted ?? session.stalls));
  if (more === 0) return previous.counted === session.stalls ? previous : { ...previous, counted: session.stalls };
  return { counted: session.stalls, stalls: { ...previous.stalls, [session.mode]: previous.stalls[session.mode] + more } };
}
