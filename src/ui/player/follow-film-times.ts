import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { FilmTimes } from '@/src/ui/state/seek-ranges';
import { isWatching } from '@/src/ui/state/view-state';
import type { PlayerActions } from './join-session';
import type { PlayerModel } from './player-model';

/**
 * What the index of the film that is watched says, once it is here and read; undefined before, and for good if the film has none that is
 * understood. Nothing of this begins before the first picture is there.
 */
export function followFilmTimes(
  model: PlayerModel,
  actions: Pick<PlayerActions, 'readVerified'>,
  until: AbortSignal,
): ReadonlySignal<FilmTimes | undefined> {
  const times = signal<FilmTimes | undefined>(undefined);
  const fileIndex = computed(() => (isWatching(model.view.value) ? model.view.value.fileIndex : undefined));
  const mayBegin = computed(() => model.firstFrameAtMs.value !== undefined && model.media.durationS.value > 0);

  async function load(index: number, durationS: number, reading: AbortSignal): Promise<void> {
    const { loadFilmTimes } = await import('./load-film-times');
    reading.throwIfAborted();
    const loaded = await loadFilmTimes({ ...actions, session: model.session, fileIndex: index, durationS, signal: reading });
    if (!reading.aborted) times.value = loaded;
  }

  const stop = effect(() => {
    const index = fileIndex.value;
    const durationS = model.media.durationS.value;
    times.value = undefined;
    if (!mayBegin.value || index === undefined) return undefined;
    const reading = new AbortController();
    void load(index, durationS, reading.signal).catch(() => undefined);
    return () => reading.abort();
  });
  until.addEventListener('abort', stop, { once: true });
  return times;
}
