import { expect, test } from 'vitest';
import { DEFAULT_SUBTITLE_SETTINGS, subtitleSettingsFromStored } from '@/src/settings/subtitle-settings';

const CHOSEN = { shown: true, size: 'large', background: false } as const;

test('how subtitles look is read as it was saved', () => {
  expect(subtitleSettingsFromStored(CHOSEN)).toEqual(CHOSEN);
});

test.each([null, undefined, 7, 'large', []])('%j in storage means the defaults', (stored) => {
  expect(subtitleSettingsFromStored(stored)).toEqual(DEFAULT_SUBTITLE_SETTINGS);
});

test('a part that is broken or missing falls back alone', () => {
  expect(subtitleSettingsFromStored({ ...CHOSEN, size: 'huge' })).toEqual({ ...CHOSEN, size: 'normal' });
  expect(subtitleSettingsFromStored({ shown: 'yes', size: 'small' })).toEqual({ shown: false, size: 'small', background: true });
});
