import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { FileSnapshot } from '@/src/protocol/engine-api';
import { i18n } from '@/src/ui/state/i18n';
import type { SubtitleCue } from '@/src/ui/state/subtitle-cues';
import type { PlayerModel } from './player-model';

/** Something to choose in the menu. */
export interface SubtitleTrack {
  readonly id: string;
  /** Hostile text, as is the file's name. */
  readonly name: string;
  readonly fileName: string;
  readonly notes: readonly string[];
  readonly source:
    | { readonly kind: 'torrent'; readonly file: FileSnapshot }
    | { readonly kind: 'own'; readonly cues: readonly SubtitleCue[] };
}

/** Those that the torrent has for the film that is watched, best first. They are looked for once its first picture is there. */
export function torrentTracks(
  model: Pick<PlayerModel, 'session' | 'firstFrameAtMs'>,
  watchedIndex: ReadonlySignal<number | undefined>,
  until: AbortSignal,
): ReadonlySignal<readonly SubtitleTrack[]> {
  const tracks = signal<readonly SubtitleTrack[]>([]);

  async function find(index: number): Promise<void> {
    const { findSubtitles } = await import('./load-subtitles');
    // Snapshots come many times a second; which files there are does not change.
    const files = model.session.peek()?.files ?? [];
    if (watchedIndex.peek() === index) tracks.value = findSubtitles(files, index);
  }

  const stop = effect(() => {
    const index = watchedIndex.value;
    tracks.value = [];
    if (model.firstFrameAtMs.value !== undefined && index !== undefined) void find(index).catch(() => undefined);
  });
  until.addEventListener('abort', stop, { once: true });
  return tracks;
}

export function ownTrack(number: number, fileName: string, cues: readonly SubtitleCue[]): SubtitleTrack {
  return { id: `own-${number}`, name: fileName, fileName, notes: [i18n.t('player.subtitles.yourFile')], source: { kind: 'own', cues } };
}
