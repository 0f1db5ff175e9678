import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { LIMIT_NAMES, LIMIT_RANGES } from '@/src/settings/limit-settings';
import { DEFAULT_SETTINGS, engineSettings } from '@/src/settings/schema';
import { engineSettingsMessage } from '@/src/messaging/switchboard-messages';
import { settingsFromStored } from '@/src/settings/stored-settings';

const GOOD = {
  consentedAtMs: 1_700_000_000_000,
  signalingServers: [{ url: 'https://signal.example.org', enabled: true }],
  publisherHosts: [
    { host: 'signal.example.org:8443', allowed: true },
    { host: '[2001:db8::1]', allowed: false },
  ],
  iceServers: [{ urls: 'turn:turn.example.org:3478', username: 'me', credential: 'secret', enabled: false }],
  playOn: 'menu',
  silentSites: ['example.org', 'localhost', '[::1]', 'bücher.example'],
  theme: 'dark',
  singleKeys: false,
  defaultMode: 'webtorrent',
  trackers: [
    { url: 'wss://tracker.example.org/announce', enabled: true },
    { url: 'ws://192.168.1.20:8000', enabled: false },
  ],
  swarmThroughTrackers: false,
  allowLocalPeers: true,
  relayOnly: true,
  storageQuotaBytes: 20_000_000_000,
  uploadBytesPerSecond: 500 * 1024,
  downloadBytesPerSecond: null,
  limits: { ...DEFAULT_SETTINGS.limits, peers: 20, strikes: 2 },
};

describe('stored settings', () => {
  test('are read as they were saved', () => {
    expect(settingsFromStored(GOOD)).toEqual(GOOD);
  });

  test.each([null, undefined, 7, 'text', []])('%j in storage means the defaults', (stored) => {
    expect(settingsFromStored(stored)).toEqual(DEFAULT_SETTINGS);
  });

  test('of a viewer who agreed to WebRTC without any tracker do not make the swarm go through trackers', () => {
    const { swarmThroughTrackers: _left, ...old } = GOOD;
    expect(settingsFromStored({ ...old, defaultMode: 'webrtc' }).swarmThroughTrackers).toBe(false);
    expect(settingsFromStored({ ...old, defaultMode: 'hybrid' }).swarmThroughTrackers).toBe(true);
    expect(settingsFromStored({ ...old, defaultMode: 'webrtc', consentedAtMs: null }).swarmThroughTrackers).toBe(true);
  });

  test('a part that is broken falls back alone', () => {
    expect(settingsFromStored({ ...GOOD, allowLocalPeers: 'yes' })).toEqual({ ...GOOD, allowLocalPeers: DEFAULT_SETTINGS.allowLocalPeers });
    expect(settingsFromStored({ ...GOOD, iceServers: 'none' })).toEqual({ ...GOOD, iceServers: DEFAULT_SETTINGS.iceServers });
  });

  test('a switch that hides the address and cannot be read is on', () => {
    expect(settingsFromStored({ ...GOOD, relayOnly: 'maybe' }).relayOnly).toBe(true);
  });

  test('what an earlier version stored gets the defaults of what came later, and keeps the rest', () => {
    const { consentedAtMs, signalingServers, iceServers, allowLocalPeers } = GOOD;
    const earlier = { consentedAtMs, signalingServers, iceServers, allowLocalPeers };
    expect(settingsFromStored(earlier)).toEqual({ ...DEFAULT_SETTINGS, ...earlier });
  });

  test.each([0, -1, 100, 1.5, '500', Number.POSITIVE_INFINITY])('%j bytes a second are no rate: there is no limit then', (rate) => {
    const settings = settingsFromStored({ ...GOOD, uploadBytesPerSecond: rate, downloadBytesPerSecond: rate });
    expect([settings.uploadBytesPerSecond, settings.downloadBytesPerSecond]).toEqual([null, null]);
  });

  test('a limit out of its range is left to the engine, and the others stay', () => {
    const limits = { peers: 20, strikes: 0, requestQueue: 501, assemblyBytes: '64', negotiationTimeoutMs: 1000.5, unknown: 3 };
    expect(settingsFromStored({ ...GOOD, limits }).limits).toEqual({ ...DEFAULT_SETTINGS.limits, peers: 20 });
    expect(settingsFromStored({ ...GOOD, limits: 'none' }).limits).toEqual(DEFAULT_SETTINGS.limits);
  });

  test.each([0, 1_000_000, 1.5, -1, '20', 1e15])('room for films of %j bytes is no setting: the default counts', (storageQuotaBytes) => {
    expect(settingsFromStored({ ...GOOD, storageQuotaBytes }).storageQuotaBytes).toBeNull();
  });

  test('a look nobody knows is the system’s', () => {
    expect(settingsFromStored({ ...GOOD, theme: 'sepia' }).theme).toBe('system');
  });

  test('an engine nobody knows falls back to the default', () => {
    expect(settingsFromStored({ ...GOOD, defaultMode: 'carrier-pigeon' }).defaultMode).toBe(DEFAULT_SETTINGS.defaultMode);
  });

  test.each(['udp://tracker.example.org:80', 'https://tracker.example.org/announce', 'tracker.example.org', ''])(
    'a tracker a browser cannot ask is not kept: "%s"',
    (url) => {
      const trackers = [{ url, enabled: true }, ...GOOD.trackers];
      expect(settingsFromStored({ ...GOOD, trackers }).trackers).toEqual(GOOD.trackers);
    },
  );

  test('consent that cannot be read is no consent', () => {
    expect(settingsFromStored({ ...GOOD, consentedAtMs: 'yes' }).consentedAtMs).toBeNull();
  });

  test('one broken server does not cost the others', () => {
    const signalingServers = [{ url: 'ftp://old.example.org', enabled: true }, ...GOOD.signalingServers, { url: 5 }];
    expect(settingsFromStored({ ...GOOD, signalingServers }).signalingServers).toEqual(GOOD.signalingServers);
  });

  test.each(['', 'a b', 'a/b', 'user@host', 'a?b', 'x'.repeat(260)])('a publisher’s host that is none is not kept: "%s"', (host) => {
    const publisherHosts = [{ host, allowed: true }, ...GOOD.publisherHosts];
    expect(settingsFromStored({ ...GOOD, publisherHosts }).publisherHosts).toEqual(GOOD.publisherHosts);
  });

  test.each(['', 'https://example.org', 'example.org/path', 'example.org:80', 'a b', '.example.org', 'a..b', 7])(
    'a site that is no name is not kept: %j',
    (site) => {
      const settings = settingsFromStored({ ...GOOD, silentSites: [site, ...GOOD.silentSites] });
      expect(settings.silentSites).toEqual(GOOD.silentSites);
    },
  );

  test('an emptied list stays empty', () => {
    expect(settingsFromStored({ ...GOOD, signalingServers: [] }).signalingServers).toEqual([]);
  });
});

describe('what the engine is told', () => {
  test('names only the trackers that are switched on', () => {
    expect(engineSettings(settingsFromStored(GOOD))).toMatchObject({
      consented: true,
      defaultMode: 'webtorrent',
      trackers: ['wss://tracker.example.org/announce'],
    });
  });

  test('are rates and limits only where they are set', () => {
    const { uploadBytesPerSecond, limits } = engineSettings(settingsFromStored(GOOD));
    expect([uploadBytesPerSecond, limits]).toEqual([500 * 1024, { peers: 20, strikes: 2 }]);
    const keys = Object.keys(engineSettings(settingsFromStored({ ...GOOD, limits: {}, uploadBytesPerSecond: null })));
    expect(keys).not.toContain('limits');
    expect(keys).not.toContain('uploadBytesPerSecond');
  });

  test('reaches it whole', () => {
    const everything = {
      ...GOOD,
      downloadBytesPerSecond: 20_000,
      limits: Object.fromEntries(LIMIT_NAMES.map((name) => [name, LIMIT_RANGES[name].max])),
    };
    const told = engineSettings(settingsFromStored(everything));
    expect(Object.keys(told.limits ?? {})).toEqual(LIMIT_NAMES);
    expect(v.parse(engineSettingsMessage, told)).toEqual(told);
  });

  test('after installing is that nobody has agreed, with the public trackers for later', () => {
    expect(engineSettings(DEFAULT_SETTINGS)).toMatchObject({
      consented: false,
      defaultMode: 'hybrid',
      trackers: ['wss://tracker.openwebtorrent.com', 'wss://tracker.webtorrent.dev', 'wss://tracker.btorrent.xyz'],
    });
  });
});
