import { computed, type ReadonlySignal } from '@preact/signals';
import type { FileSnapshot } from '@/src/protocol/engine-api';
import { findFile } from '@/src/ui/state/session-facts';
import type { SubtitleCue } from '@/src/ui/state/subtitle-cues';
import { subtitleFiles, type SubtitleFile } from '@/src/ui/state/subtitle-files';
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

/** Those that the torrent has for the film that is watched, best first. */
export function torrentTracks(
  { session }: Pick<PlayerModel, 'session'>,
  watchedIndex: ReadonlySignal<number | undefined>,
): ReadonlySignal<readonly SubtitleTrack[]> {
  const fileCount = computed(() => session.value?.files?.length ?? 0);
  return computed(() => {
    if (watchedIndex.value === undefined || fileCount.value === 0) return [];
    // Snapshots come many times a second; which files there are does not change.
    const known = session.peek();
    const film = findFile(known, watchedIndex.value);
    return film === undefined ? [] : subtitleFiles(known?.files ?? [], film, navigator.languages).map(torrentTrack);
  });
}

export function ownTrack(number: number, fileName: string, cues: readonly SubtitleCue[]): SubtitleTrack {
  return { id: `own-${number}`, name: fileName, fileName, notes: ['your file'], source: { kind: 'own', cues } };
}

function torrentTrack({ file, language }: SubtitleFile): SubtitleTrack {
  const fileName = file.path.at(-1) ?? '';
  return { id: `file-${file.index}`, name: language.name ?? fileName, fileName, notes: language.notes, source: { kind: 'torrent', file } };
}
