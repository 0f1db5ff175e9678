import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '@/src/settings/schema';
import { settingsFromStored } from '@/src/settings/stored-settings';

const GOOD = {
  consentedAtMs: 1_700_000_000_000,
  signalingServers: [{ url: 'https://signal.example.org', enabled: true }],
  iceServers: [{ urls: 'turn:turn.example.org:3478', username: 'me', credential: 'secret', enabled: false }],
  allowLocalPeers: true,
};

describe('stored settings', () => {
  test('are read as they were saved', () => {
    expect(settingsFromStored(GOOD)).toEqual(GOOD);
  });

  test.each([null, undefined, 7, 'text', []])('%j in storage means the defaults', (stored) => {
    expect(settingsFromStored(stored)).toEqual(DEFAULT_SETTINGS);
  });

  test('a part that is broken falls back alone', () => {
    expect(settingsFromStored({ ...GOOD, allowLocalPeers: 'yes' })).toEqual({ ...GOOD, allowLocalPeers: DEFAULT_SETTINGS.allowLocalPeers });
    expect(settingsFromStored({ ...GOOD, iceServers: 'none' })).toEqual({ ...GOOD, iceServers: DEFAULT_SETTINGS.iceServers });
  });

  test('consent that cannot be read is no consent', () => {
    expect(settingsFromStored({ ...GOOD, consentedAtMs: 'yes' }).consentedAtMs).toBeNull();
  });

  test('one broken server does not cost the others', () => {
    const signalingServers = [{ url: 'ftp://old.example.org', enabled: true }, ...GOOD.signalingServers, { url: 5 }];
    expect(settingsFromStored({ ...GOOD, signalingServers }).signalingServers).toEqual(GOOD.signalingServers);
  });

  test('an emptied list stays empty', () => {
    expect(settingsFromStored({ ...GOOD, signalingServers: [] }).signalingServers).toEqual([]);
  });
});
