import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { filmPath } from '@/tests/support/films';
import { sha256Of, streamedSha256 } from '@/tests/support/film-hash';
import { startSeeder, startSignaling, untilPlaying, untilText } from '@/tests/support/stage';
import { bytesBySource, watch, WebTorrentStage } from '@/tests/support/webtorrent-stage';

/** WebTorrent peers, web seeds and the native swarm feed one film: each part real, in a process of its own. */

let stage: WebTorrentStage;

beforeEach(async () => {
  stage = await WebTorrentStage.open();
});

test('a film that only an unmodified WebTorrent peer has plays through a tracker', async () => {
  const { magnet } = await stage.stockSeeder('film.mkv');
  const launched = await stage.openViewer([], { defaultMode: 'webtorrent' });
  const frame = await watch(magnet, launched);
  await untilPlaying(frame);
  expect(await streamedSha256(frame)).toBe(await sha256Of(filmPath('film.mkv')));
  const bytes = await bytesBySource(launched);
  expect(bytes['webtorrent']).toBeGreaterThan(0);
  expect(bytes['native'] ?? 0).toBe(0);
});

test('both swarms at once: every byte is counted under its source, and the film is whole', async () => {
  const { magnet } = await stage.stockSeeder('film.webm');
  const signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
  const native = await startSeeder(filmPath('film.webm'), signaling.url, ['--upload-limit', '150']);
  onTestFinished(() => native.child.stop());
  const launched = await stage.openViewer([signaling.url], { defaultMode: 'hybrid' });
  const frame = await watch(magnet, launched);
  await untilPlaying(frame);
  await untilText(frame, 'main', /all of it verified/);
  expect(await streamedSha256(frame)).toBe(await sha256Of(filmPath('film.webm')));
  const bytes = await bytesBySource(launched);
  expect(bytes['native']).toBeGreaterThan(0);
  expect(bytes['webtorrent']).toBeGreaterThan(0);
});

test('W1: two viewers who meet in the WebTorrent swarm alone link natively, with no signaling server at all', async () => {
  const { magnet, child } = await stage.stockSeeder('film.webm');
  const first = await stage.openViewer([], { defaultMode: 'hybrid' });
  await untilText(await watch(magnet, first), 'main', /all of it verified/);
  await child.stop();
  const second = await stage.openViewer([], { defaultMode: 'hybrid' });
  const frame = await watch(magnet, second);
  await untilPlaying(frame);
  expect(await streamedSha256(frame)).toBe(await sha256Of(filmPath('film.webm')));
  const popup = await second.browser.newPage();
  await popup.goto(`chrome-extension://${second.extensionId}/popup.html`);
  await popup.waitForSelector('[data-peer-source="native"][data-peer-state="connected"]');
  // The same viewer twice, once in each swarm, and nobody else.
  const sources = await popup.$$eval('[data-peer-state="connected"]', (rows) => rows.map((row) => row.getAttribute('data-peer-source')));
  expect([sources.length, new Set(sources)]).toEqual([2, new Set(['native', 'webtorrent'])]);
});
