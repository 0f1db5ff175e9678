/** Words and when they are shown. Hostile text: tags are gone, what is left is only ever shown. */
export interface SubtitleCue {
  readonly startS: number;
  readonly endS: number;
  /** Lines apart by \n. */
  readonly text: string;
}

/** The longest films have some 3,000. */
export const MAX_CUES = 20_000;
/** Chromium lays cues that meet out against each other: thousands at one moment would stop the page. */
export const MAX_CUES_AT_ONCE = 8;
export const MAX_CUE_CHARS = 2_000;

const MAX_TIMING_CHARS = 300;
const TIME = String.raw`(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,6}))?`;
const TIMING = new RegExp(String.raw`^\s*${TIME}\s*-{1,2}>\s*${TIME}(?:\s|$)`);
/** The classes leave their own first character out, so that a long row of them is looked at once. */
const TAG = /<\/?(?:[a-z][^<>]*|[\d:.]+)>|\{\\[^{}]*\}/gi;
const ENTITY = /&(amp|lt|gt|quot|apos|nbsp|lrm|rlm|#39);/g;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00A0',
  lrm: '\u200E',
  rlm: '\u200F',
  '#39': "'",
};

/**
 * Reads SubRip and WebVTT alike: a line with two times begins a cue, a blank line ends it, and whatever else there is (numbers, names,
 * headers, notes, styles) is passed over. Files in the wild keep to neither form strictly.
 * @returns in the order of their beginnings; none when there are none in it
 */
export function parseSubtitles(source: string): readonly SubtitleCue[] {
  const cues: SubtitleCue[] = [];
  let span: Pick<SubtitleCue, 'startS' | 'endS'> | undefined;
  let lines: string[] = [];
  const close = (): void => {
    const text = span === undefined ? '' : plainText(lines);
    if (span !== undefined && text !== '') cues.push({ ...span, text });
    span = undefined;
    lines = [];
  };
  for (const line of linesOf(source)) {
    const timing = readTiming(line);
    if (timing !== undefined) {
      // Its number, where nothing stands between two cues.
      if (/^\s*\d+\s*$/.test(lines.at(-1) ?? '')) lines.pop();
      close();
      if (cues.length === MAX_CUES) break;
      span = timing;
    } else if (line.trim() === '') close();
    else if (span !== undefined) lines.push(line.slice(0, MAX_CUE_CHARS));
  }
  close();
  return thinned(cues.toSorted((left, right) => left.startS - right.startS || left.endS - right.endS));
}

function* linesOf(source: string): Generator<string> {
  const ends = /\r\n|\r|\n/g;
  let start = 0;
  for (let end = ends.exec(source); end !== null; end = ends.exec(source)) {
    yield source.slice(start, end.index);
    start = ends.lastIndex;
  }
  yield source.slice(start);
}

/** Undefined for a line of words, and for times that show nothing. */
function readTiming(line: string): Pick<SubtitleCue, 'startS' | 'endS'> | undefined {
  if (!line.includes('->')) return undefined;
  const match = TIMING.exec(line.slice(0, MAX_TIMING_CHARS));
  if (match === null) return undefined;
  const startS = seconds(match.slice(1, 5));
  const endS = seconds(match.slice(5, 9));
  return { startS, endS };
}

function seconds([hours = '0', minutes = '0', whole = '0', fraction = '0']: readonly (string | undefined)[]): number {
  const milliseconds = Math.round(Number(`0.${fraction}`) * 1000);
  return (Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(whole) * 1000 + milliseconds) / 1000;
}

function plainText(lines: readonly string[]): string {
  return lines
    .join('\n')
    .slice(0, MAX_CUE_CHARS)
    .replaceAll(TAG, '')
    .replaceAll(ENTITY, (_whole, name: string) => ENTITIES[name] ?? '')
    .replaceAll(/[^\P{Cc}\n]/gu, ' ')
    .toWellFormed()
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

/** Leaves out what could not be seen, and what would come where enough is shown already. */
function thinned(cues: readonly SubtitleCue[]): readonly SubtitleCue[] {
  let shown: readonly SubtitleCue[] = [];
  return cues.filter((cue) => {
    if (cue.endS <= cue.startS) return false;
    shown = shown.filter(({ endS }) => endS > cue.startS);
    if (shown.length >= MAX_CUES_AT_ONCE) return false;
    shown = [...shown, cue];
    return true;
  });
}
