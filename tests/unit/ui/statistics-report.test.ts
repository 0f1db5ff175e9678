import { expect, test } from 'vitest';
import { statisticsFileName, statisticsReport } from '@/src/ui/state/statistics-report';
import { exampleFile, examplePeer, exampleSession, exampleSource, exampleTracker, exampleWebSeed } from './session-examples';

const AT_MS = Date.UTC(2026, 10, 27, 12, 30);
const SURROUNDINGS = { nowMs: AT_MS, version: '0.1.0', userAgent: 'Chromium' };
const TOTALS = { downloadedBytes: 1000, uploadedBytes: 10, wastedBytes: 300, corruptBytes: 100 };

const session = exampleSession({
  name: 'a title',
  state: { kind: 'active' },
  files: [exampleFile({ path: ['folder', 'a title.mp4'], lengthBytes: 5000, verifiedBytes: 1000, selected: true })],
  timeline: { opened: AT_MS - 5000, peer: AT_MS - 4000 },
  stalls: 1,
  stalledMs: 2500.4,
  aheadBytes: 800,
  bufferedS: 12,
  waitingBytes: 300,
  totals: TOTALS,
  sources: [exampleSource('native', { timeline: { started: AT_MS - 5000 }, totals: TOTALS })],
  trackers: [exampleTracker({ url: 'wss://tracker.secret.example' })],
  webSeeds: [exampleWebSeed({ url: 'https://seeds.secret.example/x' })],
  signaling: [{ url: 'https://signal.secret.example', state: 'connected', reason: undefined }],
  peers: [
    examplePeer({
      rttMs: 10.6,
      link: { connections: 2, queuedRequests: 3, queuedBytes: 49_152, failures: 4, isChoking: false, isChoked: true },
    }),
    examplePeer({ source: 'webtorrent' }),
  ],
});

test('every figure is there, with its unit, and times are ISO 8601', () => {
  expect(JSON.parse(JSON.stringify(statisticsReport(session, SURROUNDINGS)))).toMatchObject({
    schema: 1,
    lodestream: '0.1.0',
    takenAt: '2026-11-27T12:30:00.000Z',
    state: 'active',
    timeline: { opened: '2026-11-27T12:29:55.000Z', peer: '2026-11-27T12:29:56.000Z' },
    aheadBytes: 800,
    bufferedS: 12,
    waitingBytes: 300,
    stalls: 1,
    stalledMs: 2500,
    totals: { downloadedBytes: 1000, uploadedBytes: 10, duplicateBytes: 200, corruptBytes: 100 },
    sources: [{ name: 'native', timeline: { started: '2026-11-27T12:29:55.000Z' } }],
    files: [{ kind: 'video', lengthBytes: 5000, verifiedBytes: 1000, selected: true }],
    peers: [
      { peer: 1, source: 'native', rttMs: 11, link: { connections: 2, queuedRequests: 3, failures: 4, isChoking: false, isChoked: true } },
      { peer: 2, source: 'webtorrent', link: null },
    ],
  });
});

test('it names neither the film nor any host nor any peer', () => {
  const text = JSON.stringify(statisticsReport(session, SURROUNDINGS));
  for (const secret of ['title', 'secret.example', 'magnet:', session.id, session.peers[0]?.id ?? '']) expect(text).not.toContain(secret);
});

test('its name is one that every system takes', () => {
  expect(statisticsFileName(AT_MS)).toBe('lodestream-statistics-2026-11-27T12-30-00.000Z.json');
});
