import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, engineSettings } from '@/src/settings/schema';

test('access tokens go to the engine with the servers that are on, and no others', () => {
  const { signalingUrls, signalingTokens } = engineSettings({
    ...DEFAULT_SETTINGS,
    signalingServers: [
      { url: 'https://a.example', enabled: true, token: 'for a' },
      { url: 'https://b.example', enabled: false, token: 'for b' },
      { url: 'https://c.example', enabled: true },
      { url: 'https://d.example', enabled: true, token: '' },
    ],
  });
  expect(signalingUrls).toEqual(['https://a.example', 'https://c.example', 'https://d.example']);
  expect(signalingTokens).toEqual({ 'https://a.example': 'for a' });
});

test('a fresh install has trackers carry the swarm, after consent only', () => {
  expect(engineSettings(DEFAULT_SETTINGS)).toMatchObject({ consented: false, swarmThroughTrackers: true });
});
