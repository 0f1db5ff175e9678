import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, SETTINGS_VERSION } from '@/src/settings/schema';
import { exportUnread, importSettings } from '@/src/settings/settings-file';
import { settingsFromStored } from '@/src/settings/stored-settings';
import { unreadSettings, unreadSettingsFrom } from '@/src/settings/unread-settings';

const NEWER = SETTINGS_VERSION + 1;
const AGREED = { ...DEFAULT_SETTINGS, consentedAtMs: 1_700_000_000_000 };

describe('nothing of stored settings is unread', () => {
  test.each([null, undefined])('when there are none: %j', (stored) => {
    expect(unreadSettings(stored, SETTINGS_VERSION)).toBeUndefined();
  });

  test.each([
    ['this version’s', AGREED],
    ['those of an earlier one, which knew fewer', { consentedAtMs: 1, trackers: [], limits: { peers: 20 } }],
    ['those that have more than is known', { ...AGREED, another: 1 }],
  ])('when they are %s', (_whose, stored) => {
    expect(unreadSettings(stored, SETTINGS_VERSION)).toBeUndefined();
  });
});

describe('stored settings are unread', () => {
  test.each([7, 'text', [], true])('when they are none at all: %j', (stored) => {
    expect(unreadSettings(stored, SETTINGS_VERSION)).toEqual({ version: SETTINGS_VERSION, names: [], stored });
  });

  test('in the parts that are not valid, each by its name, a single entry of a list among them', () => {
    const trackers = [...DEFAULT_SETTINGS.trackers, { url: 'udp://tracker.example.org', enabled: true }];
    const stored = { ...AGREED, theme: 'sepia', trackers, limits: { peers: 0 } };
    expect(unreadSettings(stored, SETTINGS_VERSION)).toEqual({ version: SETTINGS_VERSION, names: ['theme', 'trackers', 'limits'], stored });
    // What can be read of them counts meanwhile.
    expect(settingsFromStored(stored)).toEqual(AGREED);
  });

  test('when a newer version stored them, whatever they are', () => {
    expect(unreadSettings(AGREED, NEWER)).toEqual({ version: NEWER, names: [], stored: AGREED });
  });
});

describe('what was set aside', () => {
  test('is read again as it was', () => {
    const unread = unreadSettings({ ...AGREED, theme: 'sepia' }, NEWER);
    expect(unreadSettingsFrom(structuredClone(unread))).toEqual(unread);
  });

  test.each([null, undefined, 7, {}, { version: 1, names: ['<b>'], stored: 1 }, { version: '1', names: [], stored: 1 }])(
    'is nothing when storage holds something else: %j',
    (value) => {
      expect(unreadSettingsFrom(value)).toBeUndefined();
    },
  );

  test('goes into a file that says what is wrong with it when it is imported, or that a newer version is needed', () => {
    const stored = { ...AGREED, theme: 'sepia', relayOnly: true };
    const damaged = exportUnread({ version: SETTINGS_VERSION, names: ['theme'], stored });
    expect(damaged).not.toContain('consent');
    expect(importSettings(damaged, DEFAULT_SETTINGS)).toMatchObject({ ok: false, refusal: { kind: 'setting', place: ['theme'] } });
    expect(importSettings(damaged.replace('"sepia"', '"dark"'), DEFAULT_SETTINGS)).toMatchObject({
      ok: true,
      settings: { theme: 'dark', relayOnly: true, consentedAtMs: null },
    });
    const newer = exportUnread({ version: NEWER, names: [], stored });
    expect(importSettings(newer, DEFAULT_SETTINGS)).toEqual({ ok: false, refusal: { kind: 'newerVersion' } });
  });
});
