import type { FileSnapshot } from '@/src/protocol/engine-api';
import { isPlayable } from '@/src/protocol/file-choice';
import { isIn, readLanguage, readableLanguages, type ReadableLanguage, type SubtitleLanguage } from './subtitle-language';

/** One file with subtitles to a film. */
export interface SubtitleFile {
  readonly file: FileSnapshot;
  readonly language: SubtitleLanguage;
}

/** Each subtitle file is compared with each film: of a torrent of ten thousand of both only those nearest to the film. */
const MAX_COMPARED = 500;
/** What a menu can be read with. */
const MAX_LISTED = 50;

const FOLDERS = /^(?:subs?|subtitles?|captions?|legendas|subt[ií]tulos|untertitel|sous-titres)$/i;
/** Names of seasons and episodes: `S01E02`, `1x02`. */
const EPISODE = /\bs(\d{1,2}) ?e(\d{1,3})\b|\b(\d{1,2})x(\d{2,3})\b/i;

export function isSubtitleFile(name: string): boolean {
  return /\.(?:srt|vtt)$/i.test(name);
}

/**
 * The subtitle files of a torrent that belong to one film of it, best first: in a language of the viewer before others, whole before
 * forced, named like the film before what only lies near it.
 * @param viewerLanguages BCP 47, best first
 */
export function subtitleFiles(
  files: readonly FileSnapshot[],
  film: FileSnapshot,
  viewerLanguages: readonly string[],
): readonly SubtitleFile[] {
  const readable = readableLanguages(viewerLanguages);
  const target = named(film);
  const films = nearest(files.filter(isPlayable), target).map((file) => (file.index === film.index ? target : named(file)));
  const subtitles = nearest(
    files.filter(({ path }) => isSubtitleFile(path.at(-1) ?? '')),
    target,
  );
  return subtitles
    .flatMap((file) => {
      const closeness = closenessOf(named(file), target, films);
      if (closeness === 0) return [];
      const language = readLanguage(wordsOfItsOwn(file, film));
      return [{ file, language, closeness, rank: languageRank(language, readable) }];
    })
    .toSorted(
      (left, right) =>
        left.rank - right.rank ||
        Number(left.language.notes.includes('forced')) - Number(right.language.notes.includes('forced')) ||
        right.closeness - left.closeness ||
        left.language.notes.length - right.language.notes.length,
    )
    .slice(0, MAX_LISTED)
    .map(({ file, language }) => ({ file, language }));
}

interface Named {
  readonly name: string;
  readonly folders: readonly string[];
  readonly folderNames: readonly string[];
  readonly episode: string | undefined;
}

function named({ path }: FileSnapshot): Named {
  const name = comparable(path);
  const folders = path.slice(0, -1);
  const match = EPISODE.exec(name);
  return {
    name,
    folders,
    folderNames: folders.map((folder) => words(folder).join(' ').toLowerCase()),
    episode: match === null ? undefined : `${Number(match[1] ?? match[3])}x${Number(match[2] ?? match[4])}`,
  };
}

/** Those in the film's own folders first, then by name as people count. */
function nearest(files: readonly FileSnapshot[], film: Named): readonly FileSnapshot[] {
  const collator = new Intl.Collator('en', { numeric: true });
  return files
    .map((file) => ({ file, shared: sharedFolders(file.path.slice(0, -1), film), path: file.path.join('/') }))
    .toSorted((left, right) => right.shared - left.shared || collator.compare(left.path, right.path))
    .slice(0, MAX_COMPARED)
    .map(({ file }) => file);
}

/** 0: they belong to another film, or one cannot tell to which. */
function closenessOf(subtitles: Named, film: Named, films: readonly Named[]): number {
  const byName = (names: readonly string[]): boolean | undefined => {
    const lengths = films.map(({ name }) => (names.some((one) => one === name || one.startsWith(`${name} `)) ? name.length : 0));
    const longest = Math.max(0, ...lengths);
    if (longest === 0) return undefined;
    // Two seasons may have an episode of the same name each.
    const likest = films.filter((_one, index) => lengths[index] === longest);
    const most = Math.max(...likest.map((one) => sharedFolders(subtitles.folders, one)));
    return likest.includes(film) && sharedFolders(subtitles.folders, film) === most;
  };
  const isNamedAlike = byName([subtitles.name]);
  if (isNamedAlike !== undefined) return isNamedAlike ? 4 : 0;
  if (subtitles.episode !== undefined && films.some(({ episode }) => episode === subtitles.episode)) {
    return film.episode === subtitles.episode ? 3 : 0;
  }
  const isInItsFolder = byName(subtitles.folderNames);
  if (isInItsFolder !== undefined) return isInItsFolder ? 2 : 0;
  return isOnlyFilmAround(subtitles, film, films) ? 1 : 0;
}

/** Whether the folder that the subtitles lie in, or the one around their Subs, holds this film alone. */
function isOnlyFilmAround({ folders }: Named, film: Named, films: readonly Named[]): boolean {
  const subs = folders.findIndex((name) => FOLDERS.test(name));
  const around = subs === -1 ? folders : folders.slice(0, subs);
  const inside = films.filter((one) => sharedFolders(around, one) === around.length);
  return inside.length === 1 && inside[0] === film;
}

function sharedFolders(folders: readonly string[], film: Named): number {
  const apart = folders.findIndex((name, depth) => film.folders[depth] !== name);
  return apart === -1 ? folders.length : apart;
}

function languageRank(language: SubtitleLanguage, readable: readonly ReadableLanguage[]): number {
  const index = readable.findIndex((one) => isIn(language, one));
  if (index !== -1) return index;
  // What names none may be in any, the film's own among them.
  return language.tag === undefined ? readable.length : readable.length + 1;
}

function wordsOfItsOwn(file: FileSnapshot, film: FileSnapshot): readonly string[] {
  const own = words(baseName(file.path));
  const shared = words(baseName(film.path));
  return shared.every((word, index) => own[index]?.toLowerCase() === word.toLowerCase()) ? own.slice(shared.length) : own;
}

function comparable(path: readonly string[]): string {
  return words(baseName(path)).join(' ').toLowerCase();
}

function baseName(path: readonly string[]): string {
  return (path.at(-1) ?? '').replace(/\.[^.]*$/, '');
}

/** What is between dots, dashes, brackets and blanks. */
function words(name: string): readonly string[] {
  return name.split(/[\s._\-[\](){}]+/).filter((word) => word !== '');
}
