import type { EngineSnapshot, SessionSnapshot } from '@/src/protocol/engine-api';
import type { InfoHash } from '@/src/protocol/ids';
import { i18n } from './i18n';

/** A film that takes room on the disk, open or not. */
export interface CachedFilm {
  readonly infoHash: InfoHash;
  /** Hostile text. */
  readonly name: string;
  readonly roomBytes: number;
  /** In ms since the epoch; 0 when nobody knows. */
  readonly watchedAtMs: number;
  /** What it is in use for; undefined while nobody has it open. */
  readonly use: keyof typeof USE_WORDS | undefined;
}

export const USE_WORDS = {
  playing: i18n.t('stored.playing'),
  paused: i18n.t('stored.paused'),
  sharing: i18n.t('stored.sharing'),
  failed: i18n.t('stored.failed'),
} as const;

/** Those that are open first, then the one watched last. */
export function cachedFilms({ sessions, store }: Pick<EngineSnapshot, 'sessions' | 'store'>): readonly CachedFilm[] {
  const open = sessions.flatMap((session): readonly CachedFilm[] => {
    const { id, name, stored } = session;
    return stored === undefined || stored.roomBytes === 0 ? [] : [{ infoHash: id, name, ...stored, use: useOf(session) }];
  });
  // Between two counts of the store a film may be in both.
  const ids = new Set(sessions.map(({ id }) => id));
  const closed = store.films
    .filter(({ infoHash }) => !ids.has(infoHash))
    .map(({ infoHash, name, roomBytes, watchedAtMs }) => ({ infoHash, name, roomBytes, watchedAtMs, use: undefined }));
  return [...open, ...closed];
}

function useOf({ state, views }: SessionSnapshot): keyof typeof USE_WORDS {
  if (state.kind === 'paused' || state.kind === 'failed') return state.kind;
  return views > 0 ? 'playing' : 'sharing';
}
