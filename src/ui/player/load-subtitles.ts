import type { FileSnapshot } from '@/src/protocol/engine-api';
import { i18n } from '@/src/ui/state/i18n';
import { parseSubtitles, type SubtitleCue } from '@/src/ui/state/subtitle-cues';
import { isSubtitleFile, subtitleFiles } from '@/src/ui/state/subtitle-files';
import { NOTE_WORDS } from '@/src/ui/state/subtitle-language';
import { decodeSubtitles, MAX_SUBTITLE_BYTES } from '@/src/ui/state/subtitle-text';
import { readFile, type FileReading } from './read-file';
import type { SubtitleTrack } from './subtitle-tracks';
import { errorWords } from '@/src/ui/state/error-words';

/* What a film does not need before it plays: this file, and what only it imports, is loaded then. */

export type LoadedSubtitles =
  | { readonly ok: true; readonly cues: readonly SubtitleCue[] }
  | { readonly ok: false; readonly sentence: string };

const TOO_LARGE = i18n.t('player.subtitles.tooLarge');

/** Those of a torrent that belong to one film of it, best first. */
export function findSubtitles(files: readonly FileSnapshot[], filmIndex: number): readonly SubtitleTrack[] {
  const film = files.find(({ index }) => index === filmIndex);
  if (film === undefined) return [];
  return subtitleFiles(files, film, navigator.languages).map(({ file, language }) => {
    const fileName = file.path.at(-1) ?? '';
    return {
      id: `file-${file.index}`,
      name: language.name ?? fileName,
      fileName,
      notes: language.notes.map((note) => NOTE_WORDS[note]),
      source: { kind: 'torrent', file },
    };
  });
}

/** A file of the torrent; to ask for it makes the engine fetch it. @throws what the signal aborts with */
export async function fetchSubtitles(reading: FileReading, file: FileSnapshot): Promise<LoadedSubtitles> {
  if (file.lengthBytes > MAX_SUBTITLE_BYTES) return refused(TOO_LARGE);
  const bytes = new Uint8Array(file.lengthBytes);
  let atBytes = 0;
  try {
    for await (const part of readFile(reading, file)) {
      bytes.set(part, atBytes);
      atBytes += part.length;
    }
  } catch (error) {
    reading.signal.throwIfAborted();
    return refused(errorWords(error, i18n.t('player.subtitles.notFetched')));
  }
  return cuesOf(bytes);
}

/** The first that may be one, else the first: then it is said why not. */
export function subtitleFileAmong(files: readonly File[]): File | undefined {
  return files.find(({ name }) => isSubtitleFile(name)) ?? files[0];
}

/** A file of the viewer's own. */
export async function openSubtitles(file: Pick<File, 'name' | 'size' | 'arrayBuffer'>): Promise<LoadedSubtitles> {
  if (!isSubtitleFile(file.name)) return refused(i18n.t('player.subtitles.otherKind'));
  if (file.size > MAX_SUBTITLE_BYTES) return refused(TOO_LARGE);
  const bytes = await file.arrayBuffer().catch(() => undefined);
  return bytes === undefined ? refused(i18n.t('common.fileUnreadable')) : cuesOf(new Uint8Array(bytes));
}

function cuesOf(bytes: Uint8Array): LoadedSubtitles {
  const cues = parseSubtitles(decodeSubtitles(bytes));
  return cues.length === 0 ? refused(i18n.t('player.subtitles.empty')) : { ok: true, cues };
}

function refused(sentence: string): LoadedSubtitles {
  return { ok: false, sentence };
}
