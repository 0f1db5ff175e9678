import { i18n, LANGUAGE } from './i18n';

/** What the name of a subtitle file says about it, as far as it keeps to what most do: `.pt-BR.forced`, `2_English`, `spa.sdh`. */
export interface SubtitleLanguage {
  /** BCP 47; undefined when no code is in the name. */
  readonly tag: string | undefined;
  /** In the interface's language; the name's own words where they are no code. Hostile text then. */
  readonly name: string | undefined;
  readonly notes: readonly SubtitleNote[];
}

type SubtitleNote = 'forced' | 'for the deaf';

const SHOWN_NAMES = new Intl.DisplayNames([LANGUAGE], { type: 'language', fallback: 'none' });
const NAMES = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
const NOTES: Readonly<Record<string, SubtitleNote>> = {
  forced: 'forced',
  foreign: 'forced',
  sdh: 'for the deaf',
  cc: 'for the deaf',
  hi: 'for the deaf',
};

export const NOTE_WORDS: Readonly<Record<SubtitleNote, string>> = {
  forced: i18n.t('player.subtitles.forced'),
  'for the deaf': i18n.t('player.subtitles.forTheDeaf'),
};

/** @param words those that the film's own name does not have */
export function readLanguage(words: readonly string[]): SubtitleLanguage {
  const left = words.filter((word) => !/^\d+$/.test(word));
  const notes = new Set<SubtitleNote>();
  for (;;) {
    const note = NOTES[left.at(-1)?.toLowerCase() ?? ''];
    // Alone it is Hindi.
    if (note === undefined || (left.length === 1 && left[0]?.toLowerCase() === 'hi')) break;
    notes.add(note);
    left.pop();
  }
  const tag = tagOf(left.slice(-2).join('-')) ?? tagOf(left.at(-1));
  const name = tag === undefined ? undefined : SHOWN_NAMES.of(tag);
  return { tag, name: name ?? (left.length === 0 ? undefined : left.join(' ')), notes: [...notes] };
}

/** A language of the viewer, as names of files may say it. */
export interface ReadableLanguage {
  readonly code: string;
  readonly names: readonly string[];
}

/** @param tags BCP 47, as browsers say it */
export function readableLanguages(tags: readonly string[]): readonly ReadableLanguage[] {
  const codes = new Set(tags.map((tag) => tag.split('-')[0] ?? tag));
  return Array.from(codes, (code) => {
    const inItself = new Intl.DisplayNames([code], { type: 'language', fallback: 'none' });
    const names = [NAMES.of(code), inItself.of(code)].flatMap((name) => (name === undefined ? [] : [name.toLowerCase()]));
    return { code, names };
  });
}

export function isIn({ tag, name }: SubtitleLanguage, { code, names }: ReadableLanguage): boolean {
  if (tag !== undefined) return tag.split('-')[0] === code;
  const words = name?.toLowerCase().split(' ') ?? [];
  return names.some((one) => words.includes(one));
}

/** Two letters, or three that have a form of two; any other short word is more often a word. */
function tagOf(word: string | undefined): string | undefined {
  if (word === undefined || !/^[a-z]{2,3}(?:-(?:[a-z]{2}|[a-z]{4}|\d{3}))?$/i.test(word)) return undefined;
  const [tag = ''] = Intl.getCanonicalLocales(word);
  return /^[a-z]{2}(?:-|$)/.test(tag) && NAMES.of(tag) !== undefined ? tag : undefined;
}
