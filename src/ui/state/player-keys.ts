import { formatNumber } from './format';
import { i18n } from './i18n';
import { OFFSET_STEP_S } from './subtitle-words';

/** What a key does while the player has the focus: YouTube's keys, where Lodestream has what they do, and VLC's for subtitles. */
export type PlayerAction =
  | { readonly kind: 'play-or-pause' }
  | { readonly kind: 'mute' }
  | { readonly kind: 'fullscreen' }
  | { readonly kind: 'picture-in-picture' }
  /** Of the overlay over a page, and back to a window. */
  | { readonly kind: 'overlay'; readonly mode: 'mini' | 'fill' }
  | { readonly kind: 'subtitles' }
  | { readonly kind: 'next-subtitles' }
  | { readonly kind: 'subtitles-by'; readonly seconds: number }
  | { readonly kind: 'help' }
  | { readonly kind: 'seek-by'; readonly seconds: number }
  /** Of the whole film, 0 to 1. */
  | { readonly kind: 'seek-to'; readonly share: number }
  | { readonly kind: 'volume-by' | 'volume'; readonly share: number }
  | { readonly kind: 'speed-by'; readonly steps: -1 | 1 }
  | { readonly kind: 'speed'; readonly speed: number }
  /** One picture, while the film is paused. */
  | { readonly kind: 'frame-by'; readonly frames: -1 | 1 }
  | { readonly kind: 'file-by'; readonly files: -1 | 1 };

export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey'>;

interface KeyRow {
  readonly keys: readonly string[];
  /** As they are called in the list that `?` shows. */
  readonly shown: string;
  /** The same without those of one character, where others are left. */
  readonly shownAlone?: string;
  readonly does: string;
  readonly action: PlayerAction;
}

/** What the list shows, in its order; the digits are one row of it, and stand below. */
export const KEY_ROWS: readonly KeyRow[] = [
  {
    keys: ['k', 'K', ' '],
    shown: i18n.t('keys.space'),
    shownAlone: i18n.t('keys.spaceAlone'),
    does: i18n.t('keys.playOrPause'),
    action: { kind: 'play-or-pause' },
  },
  { keys: ['j', 'J'], shown: 'j', does: i18n.t('keys.back', { seconds: formatNumber(10) }), action: { kind: 'seek-by', seconds: -10 } },
  { keys: ['l', 'L'], shown: 'l', does: i18n.t('keys.on', { seconds: formatNumber(10) }), action: { kind: 'seek-by', seconds: 10 } },
  { keys: ['ArrowLeft'], shown: '←', does: i18n.t('keys.back', { seconds: formatNumber(5) }), action: { kind: 'seek-by', seconds: -5 } },
  { keys: ['ArrowRight'], shown: '→', does: i18n.t('keys.on', { seconds: formatNumber(5) }), action: { kind: 'seek-by', seconds: 5 } },
  { keys: ['Home'], shown: i18n.t('keys.home'), does: i18n.t('keys.toBeginning'), action: { kind: 'seek-to', share: 0 } },
  { keys: ['End'], shown: i18n.t('keys.end'), does: i18n.t('keys.toEnd'), action: { kind: 'seek-to', share: 1 } },
  { keys: ['ArrowUp'], shown: '↑', does: i18n.t('keys.louder'), action: { kind: 'volume-by', share: 0.05 } },
  { keys: ['ArrowDown'], shown: '↓', does: i18n.t('keys.quieter'), action: { kind: 'volume-by', share: -0.05 } },
  { keys: ['m', 'M'], shown: 'm', does: i18n.t('keys.soundOffOrOn'), action: { kind: 'mute' } },
  { keys: ['f', 'F'], shown: 'f', does: i18n.t('keys.fullScreen'), action: { kind: 'fullscreen' } },
  { keys: ['i', 'I'], shown: 'i', does: i18n.t('keys.miniPlayer'), action: { kind: 'overlay', mode: 'mini' } },
  { keys: ['t', 'T'], shown: 't', does: i18n.t('keys.fillWindow'), action: { kind: 'overlay', mode: 'fill' } },
  { keys: ['o', 'O'], shown: 'o', does: i18n.t('keys.pictureInPicture'), action: { kind: 'picture-in-picture' } },
  { keys: ['c', 'C'], shown: 'c', does: i18n.t('keys.subtitles'), action: { kind: 'subtitles' } },
  { keys: ['v', 'V'], shown: 'v', does: i18n.t('keys.nextSubtitles'), action: { kind: 'next-subtitles' } },
  {
    keys: ['g', 'G'],
    shown: 'g',
    does: i18n.t('keys.subtitlesEarlier', { seconds: formatNumber(OFFSET_STEP_S) }),
    action: { kind: 'subtitles-by', seconds: -OFFSET_STEP_S },
  },
  {
    keys: ['h', 'H'],
    shown: 'h',
    does: i18n.t('keys.subtitlesLater', { seconds: formatNumber(OFFSET_STEP_S) }),
    action: { kind: 'subtitles-by', seconds: OFFSET_STEP_S },
  },
  { keys: ['<'], shown: '<', does: i18n.t('keys.slower'), action: { kind: 'speed-by', steps: -1 } },
  { keys: ['>'], shown: '>', does: i18n.t('keys.faster'), action: { kind: 'speed-by', steps: 1 } },
  { keys: [','], shown: ',', does: i18n.t('keys.pictureBack'), action: { kind: 'frame-by', frames: -1 } },
  { keys: ['.'], shown: '.', does: i18n.t('keys.pictureOn'), action: { kind: 'frame-by', frames: 1 } },
  { keys: ['N'], shown: i18n.t('keys.shiftN'), does: i18n.t('keys.nextFile'), action: { kind: 'file-by', files: 1 } },
  { keys: ['P'], shown: i18n.t('keys.shiftP'), does: i18n.t('keys.fileBefore'), action: { kind: 'file-by', files: -1 } },
  { keys: ['?'], shown: '?', does: i18n.t('keys.help'), action: { kind: 'help' } },
];

const BY_KEY: ReadonlyMap<string, PlayerAction> = new Map(
  KEY_ROWS.flatMap(({ keys, action }) => keys.map((key) => [key, action] as const)),
);

/** Letter, digit or punctuation, by which speech that is taken for typing leads a film astray (WCAG 2.1.4); Space is none of them. */
function isCharacter(key: string): boolean {
  return key.length === 1 && key !== ' ';
}

/** The rows of keys that count. @param singleKeys whether those of one character do */
export function keyRows(singleKeys: boolean): readonly Pick<KeyRow, 'shown' | 'does'>[] {
  if (singleKeys) return KEY_ROWS;
  return KEY_ROWS.filter(({ keys }) => !keys.every(isCharacter)).map(({ shown, shownAlone = shown, does }) => ({
    shown: shownAlone,
    does,
  }));
}

/**
 * Undefined for a key that is the browser's or the page's: with Ctrl, Alt or Meta each of them is.
 * @param singleKeys whether keys of one character count
 */
export function playerAction({ key, ctrlKey, altKey, metaKey }: KeyPress, singleKeys: boolean): PlayerAction | undefined {
  if (ctrlKey || altKey || metaKey || (isCharacter(key) && !singleKeys)) return undefined;
  if (/^\d$/.test(key)) return { kind: 'seek-to', share: Number(key) / 10 };
  return BY_KEY.get(key);
}

export const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const;

/** The next speed there is, or the same at either end. */
export function speedAfter(speed: number, steps: -1 | 1): number {
  const others = steps === 1 ? SPEEDS.filter((one) => one > speed + 0.01) : SPEEDS.filter((one) => one < speed - 0.01).toReversed();
  return others[0] ?? speed;
}
