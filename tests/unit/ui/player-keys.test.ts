import { describe, expect, test } from 'vitest';
import { KEY_ROWS, keyRows, playerAction, speedAfter, type KeyPress } from '@/src/ui/state/player-keys';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({ key, ctrlKey: false, altKey: false, metaKey: false, ...held });

describe('keys of the player', () => {
  test.each([
    ['k', { kind: 'play-or-pause' }],
    [' ', { kind: 'play-or-pause' }],
    ['j', { kind: 'seek-by', seconds: -10 }],
    ['ArrowRight', { kind: 'seek-by', seconds: 5 }],
    ['7', { kind: 'seek-to', share: 0.7 }],
    ['End', { kind: 'seek-to', share: 1 }],
    ['>', { kind: 'speed-by', steps: 1 }],
    ['.', { kind: 'frame-by', frames: 1 }],
    ['N', { kind: 'file-by', files: 1 }],
    ['c', { kind: 'subtitles' }],
    ['v', { kind: 'next-subtitles' }],
    ['g', { kind: 'subtitles-by', seconds: -0.5 }],
    ['H', { kind: 'subtitles-by', seconds: 0.5 }],
    ['i', { kind: 'overlay', mode: 'mini' }],
    ['T', { kind: 'overlay', mode: 'fill' }],
    ['o', { kind: 'picture-in-picture' }],
    ['?', { kind: 'help' }],
  ] as const)('%s', (key, action) => {
    expect(playerAction(press(key), true)).toEqual(action);
  });

  test.each(['Tab', 'Enter', 'Escape', 'n', 'p', 'F5', 'x', '10', 'Process'])('%s is left alone', (key) => {
    expect(playerAction(press(key), true)).toBeUndefined();
  });

  test('with Ctrl, Alt or Meta each is the browser’s', () => {
    for (const held of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }]) {
      for (const { keys } of KEY_ROWS) for (const key of keys) expect(playerAction(press(key, held), true)).toBeUndefined();
    }
  });

  test('without those of one character are Space, arrows, Home and End', () => {
    const left = KEY_ROWS.flatMap(({ keys }) => keys).filter((key) => playerAction(press(key), false) !== undefined);
    expect(left).toEqual([' ', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'ArrowUp', 'ArrowDown']);
    expect(playerAction(press('7'), false)).toBeUndefined();
    expect(keyRows(false).map(({ shown }) => shown)).toEqual(['Space', '←', '→', 'Home', 'End', '↑', '↓']);
    expect(keyRows(true)).toEqual(KEY_ROWS);
  });

  test('no two rows claim one key, and each says what it does', () => {
    const keys = KEY_ROWS.flatMap((row) => row.keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(KEY_ROWS.filter(({ shown, does }) => shown === '' || does === '')).toEqual([]);
  });
});

test('speeds go up and down in steps, and end at the ends', () => {
  expect([speedAfter(1, 1), speedAfter(1, -1), speedAfter(2, 1), speedAfter(0.25, -1), speedAfter(1.1, 1), speedAfter(1.1, -1)]).toEqual([
    1.25, 0.75, 2, 0.25, 1.25, 1,
  ]);
});
