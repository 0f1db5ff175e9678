import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '@/src/settings/schema';
import { settingsChanges } from '@/src/ui/state/settings-changes';

const [firstTracker, ...otherTrackers] = DEFAULT_SETTINGS.trackers;

test('settings that are the same have no changes, whatever order their fields came in', () => {
  const trackers = DEFAULT_SETTINGS.trackers.map(({ url, enabled }) => ({ enabled, url }));
  expect(settingsChanges(DEFAULT_SETTINGS, { ...DEFAULT_SETTINGS, trackers })).toEqual([]);
});

test('each setting that changed has a line with what it is now', () => {
  const after = {
    ...DEFAULT_SETTINGS,
    consentedAtMs: 5,
    theme: 'dark' as const,
    singleKeys: false,
    defaultMode: 'webrtc' as const,
    signalingServers: [],
    trackers: [...otherTrackers, { url: 'wss://a.example', enabled: true }],
    iceServers: DEFAULT_SETTINGS.iceServers.map((server) => ({ ...server, enabled: false })),
    swarmThroughTrackers: false,
    allowLocalPeers: true,
    relayOnly: true,
    storageQuotaBytes: 20_000_000_000,
    uploadBytesPerSecond: 500 * 1024,
    limits: { ...DEFAULT_SETTINGS.limits, peers: 7, strikes: 9 },
  };
  expect(firstTracker).toBeDefined();
  expect(settingsChanges(DEFAULT_SETTINGS, after)).toEqual([
    'Appearance: Dark',
    'Control the player with single keys: off',
    'Engine: WebRTC',
    'Signaling servers: 1 removed',
    'Find other Lodestream viewers through trackers: off',
    'WebTorrent trackers: 1 new, 1 removed',
    'STUN and TURN servers: the same addresses, set differently',
    'Upload at most: 500 KiB/s',
    'Advanced limits: 2 changed',
    'Room for films: 20.0 GB',
    'Allow peers on my own network: on',
    'Relay only: on',
  ]);
  expect(settingsChanges(after, DEFAULT_SETTINGS)).toContain('Relay only: off, so peers you connect to directly see your address');
  expect(settingsChanges(after, DEFAULT_SETTINGS)).toContain('Room for films: chosen by Lodestream');
});
