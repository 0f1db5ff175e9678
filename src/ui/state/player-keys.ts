import { OFFSET_STEP_S } from './subtitle-words';

/** What a key does while the player has the focus: YouTube's keys, where Lodestream has what they do, and VLC's for subtitles. */
export type PlayerAction =
  | { readonly kind: 'play-or-pause' }
  | { readonly kind: 'mute' }
  | { readonly kind: 'fullscreen' }
  | { readonly kind: 'picture-in-picture' }
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
  readonly does: string;
  readonly action: PlayerAction;
}

/** What the list shows, in its order; the digits are one row of it, and stand below. */
export const KEY_ROWS: readonly KeyRow[] = [
  { keys: ['k', 'K', ' '], shown: 'k, Space', does: 'Play or pause', action: { kind: 'play-or-pause' } },
  { keys: ['j', 'J'], shown: 'j', does: 'Back 10 s', action: { kind: 'seek-by', seconds: -10 } },
  { keys: ['l', 'L'], shown: 'l', does: 'On 10 s', action: { kind: 'seek-by', seconds: 10 } },
  { keys: ['ArrowLeft'], shown: '←', does: 'Back 5 s', action: { kind: 'seek-by', seconds: -5 } },
  { keys: ['ArrowRight'], shown: '→', does: 'On 5 s', action: { kind: 'seek-by', seconds: 5 } },
  { keys: ['Home'], shown: 'Home', does: 'To the beginning', action: { kind: 'seek-to', share: 0 } },
  { keys: ['End'], shown: 'End', does: 'To the end', action: { kind: 'seek-to', share: 1 } },
  { keys: ['ArrowUp'], shown: '↑', does: 'Louder', action: { kind: 'volume-by', share: 0.05 } },
  { keys: ['ArrowDown'], shown: '↓', does: 'Quieter', action: { kind: 'volume-by', share: -0.05 } },
  { keys: ['m', 'M'], shown: 'm', does: 'Sound off or on', action: { kind: 'mute' } },
  { keys: ['f', 'F'], shown: 'f', does: 'Full screen', action: { kind: 'fullscreen' } },
  { keys: ['i', 'I'], shown: 'i', does: 'Picture in picture', action: { kind: 'picture-in-picture' } },
  { keys: ['c', 'C'], shown: 'c', does: 'Subtitles off or on', action: { kind: 'subtitles' } },
  { keys: ['v', 'V'], shown: 'v', does: 'Next subtitles', action: { kind: 'next-subtitles' } },
  { keys: ['g', 'G'], shown: 'g', does: 'Subtitles 0.5 s earlier', action: { kind: 'subtitles-by', seconds: -OFFSET_STEP_S } },
  { keys: ['h', 'H'], shown: 'h', does: 'Subtitles 0.5 s later', action: { kind: 'subtitles-by', seconds: OFFSET_STEP_S } },
  { keys: ['<'], shown: '<', does: 'Slower', action: { kind: 'speed-by', steps: -1 } },
  { keys: ['>'], shown: '>', does: 'Faster', action: { kind: 'speed-by', steps: 1 } },
  { keys: [','], shown: ',', does: 'One picture back, while paused', action: { kind: 'frame-by', frames: -1 } },
  { keys: ['.'], shown: '.', does: 'One picture on, while paused', action: { kind: 'frame-by', frames: 1 } },
  { keys: ['N'], shown: 'Shift+n', does: 'Next file', action: { kind: 'file-by', files: 1 } },
  { keys: ['P'], shown: 'Shift+p', does: 'File before', action: { kind: 'file-by', files: -1 } },
  { keys: ['?'], shown: '?', does: 'These keys', action: { kind: 'help' } },
];

const BY_KEY: ReadonlyMap<string, PlayerAction> = new Map(
  KEY_ROWS.flatMap(({ keys, action }) => keys.map((key) => [key, action] as const)),
);

/** Undefined for a key that is the browser's or the page's: with Ctrl, Alt or Meta each of them is. */
export function playerAction({ key, ctrlKey, altKey, metaKey }: KeyPress): PlayerAction | undefined {
  if (ctrlKey || altKey || metaKey) return undefined;
  if (/^\d$/.test(key)) return { kind: 'seek-to', share: Number(key) / 10 };
  return BY_KEY.get(key);
}

export const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const;

/** The next speed there is, or the same at either end. */
export function speedAfter(speed: number, steps: -1 | 1): number {
  const others = steps === 1 ? SPEEDS.filter((one) => one > speed + 0.01) : SPEEDS.filter((one) => one < speed - 0.01).toReversed();
  return others[0] ?? speed;
}
