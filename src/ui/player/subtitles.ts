import { batch, computed, effect, signal } from '@preact/signals';
import { i18n } from '@/src/ui/state/i18n';
import type { SubtitleCue } from '@/src/ui/state/subtitle-cues';
import { offsetWords } from '@/src/ui/state/subtitle-words';
import { isWatching } from '@/src/ui/state/view-state';
import type { LoadedSubtitles } from './load-subtitles';
import type { PlayerModel } from './player-model';
import { rememberedSubtitles } from './remembered-subtitles';
import { ownTrack, torrentTracks, type SubtitleTrack } from './subtitle-tracks';

const MAX_OWN_TRACKS = 10;
const MAX_OFFSET_S = 600;
const NONE = i18n.t('player.hint.noSubtitles');

/** The subtitles of the film that is watched. Those of another film are forgotten, how they look is not. */
export type Subtitles = ReturnType<typeof createSubtitles>;

export function createSubtitles(model: PlayerModel, until: AbortSignal) {
  const { settings, recall, change } = rememberedSubtitles();
  const watchedIndex = computed(() => (isWatching(model.view.value) ? model.view.value.fileIndex : undefined));
  const inTorrent = torrentTracks(model, watchedIndex, until);
  const own = signal<readonly SubtitleTrack[]>([]);
  const tracks = computed<readonly SubtitleTrack[]>(() => [...own.value, ...inTorrent.value]);
  const chosenId = signal<string | undefined>(undefined);
  /** What is on the screen, or will be once it is here. */
  const shownId = computed(() => (settings.value.shown ? chosenId.value : undefined));
  const isFetching = signal(false);
  const cues = signal<readonly SubtitleCue[]>([]);
  /** How much later than written. */
  const offsetS = signal(0);
  /** Why there are none, for the note that says so. */
  const complaint = signal<string | undefined>(undefined);
  let loading = new AbortController();
  let filmIndex: number | undefined;
  let mayChooseByItself = true;
  let ownCount = 0;

  function begin(id: string | undefined, fetching: boolean): void {
    loading.abort();
    loading = new AbortController();
    batch(() => {
      chosenId.value = id;
      cues.value = [];
      isFetching.value = fetching;
      complaint.value = undefined;
    });
  }

  function finish(track: SubtitleTrack, loaded: LoadedSubtitles): void {
    batch(() => {
      isFetching.value = false;
      if (loaded.ok) cues.value = loaded.cues;
      else {
        chosenId.value = undefined;
        complaint.value = loaded.sentence;
      }
    });
    if (loaded.ok && settings.peek().shown) model.showHint(i18n.t('player.hint.subtitles', { name: track.name }));
  }

  async function load(track: SubtitleTrack): Promise<void> {
    begin(track.id, track.source.kind === 'torrent');
    if (track.source.kind === 'own') return finish(track, { ok: true, cues: track.source.cues });
    const sessionId = model.sessionId.peek();
    if (sessionId === undefined) return;
    const signalOfThis = AbortSignal.any([until, loading.signal]);
    const { fetchSubtitles } = await import('./load-subtitles');
    const loaded = await fetchSubtitles({ sessionId, signal: signalOfThis }, track.source.file).catch(() => undefined);
    if (loaded !== undefined && !signalOfThis.aborted) finish(track, loaded);
  }

  /** Undefined: none. */
  function choose(id: string | undefined): void {
    const track = tracks.peek().find((one) => one.id === id);
    mayChooseByItself = false;
    change({ shown: track !== undefined });
    if (track === undefined) model.showHint(i18n.t('player.hint.subtitlesOff'));
    else if (track.id !== chosenId.peek()) void load(track);
    else model.showHint(i18n.t('player.hint.subtitles', { name: track.name }));
  }

  const stop = effect(() => {
    const index = watchedIndex.value;
    if (index !== undefined && index !== filmIndex) {
      filmIndex = index;
      mayChooseByItself = true;
      batch(() => {
        begin(undefined, false);
        own.value = [];
        offsetS.value = 0;
      });
    }
    // The first picture comes first.
    if (model.firstFrameAtMs.value === undefined) return;
    recall();
    const [best] = tracks.value;
    if (!settings.value.shown || !mayChooseByItself || best === undefined) return;
    mayChooseByItself = false;
    void load(best);
  });
  until.addEventListener('abort', stop, { once: true });

  return {
    settings,
    tracks,
    shownId,
    isFetching,
    cues,
    offsetS,
    complaint,
    choose,
    change,
    toggle: (): void => {
      const best = chosenId.peek() ?? tracks.peek()[0]?.id;
      if (shownId.peek() !== undefined) choose(undefined);
      else if (best === undefined) model.showHint(NONE);
      else choose(best);
    },
    /** Each in turn, then none. */
    chooseNext: (): void => {
      const ids = tracks.peek().map(({ id }) => id);
      const next = ids.indexOf(shownId.peek() ?? '') + 1;
      if (ids.length === 0) model.showHint(NONE);
      else choose(ids[next]);
    },
    shiftBy: (seconds: number): void => {
      if (shownId.peek() === undefined) return model.showHint(i18n.t('player.hint.noneShown'));
      offsetS.value = Math.min(MAX_OFFSET_S, Math.max(-MAX_OFFSET_S, offsetS.peek() + seconds));
      model.showHint(i18n.t('player.hint.subtitlesShifted', { offset: offsetWords(offsetS.peek()) }));
    },
    /** Of files of the viewer's own one is shown at once. */
    open: async (files: readonly File[]): Promise<void> => {
      const index = watchedIndex.peek();
      const { openSubtitles, subtitleFileAmong } = await import('./load-subtitles');
      const file = subtitleFileAmong(files);
      if (file === undefined) return;
      const loaded = await openSubtitles(file);
      if (until.aborted || index === undefined || index !== watchedIndex.peek()) return;
      if (loaded.ok) {
        const track = ownTrack(ownCount++, file.name, loaded.cues);
        own.value = [track, ...own.peek()].slice(0, MAX_OWN_TRACKS);
        choose(track.id);
      } else complaint.value = loaded.sentence;
    },
    dismissComplaint: (): void => {
      complaint.value = undefined;
    },
  };
}
