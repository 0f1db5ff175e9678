import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Frame } from 'puppeteer';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { startTracker } from '@/tests/bench/tracker';
import { startScript } from '@/tests/support/child-process';
import { filmPath } from '@/tests/support/films';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import { clickLink, openBrowser, serveLinkPage, startSeeder, startSignaling, untilPlaying, untilText } from '@/tests/support/stage';

/** WebTorrent peers, web seeds and the native swarm feed one film: each part real, in a process of its own. */

let trackerUrl: string;

beforeEach(async () => {
  const tracker = await startTracker('127.0.0.1');
  trackerUrl = `ws://127.0.0.1:${tracker.port}`;
  // Not in afterEach, which comes before: it closes once its peers, which the tests end, have gone.
  onTestFinished(() => tracker.close());
});

async function stockSeeder(name: string): Promise<string> {
  const child = startScript('tests/support/stock-seeder.ts', [filmPath(name), '--tracker', trackerUrl]);
  onTestFinished(() => child.stop());
  const [magnet] = await child.waitForLine(/^magnet:\S+$/);
  return magnet;
}

async function watch(magnet: string, launched: LaunchedBrowser): Promise<Frame> {
  const site = await serveLinkPage(magnet);
  onTestFinished(() => site.close());
  const page = await launched.browser.newPage();
  await page.goto(site.origin);
  return clickLink(page, launched.extensionId);
}

async function openViewer(signalingUrls: readonly string[], settings: Readonly<Record<string, unknown>>): Promise<LaunchedBrowser> {
  const launched = await openBrowser(
    signalingUrls,
    {},
    { trackers: [{ url: trackerUrl, enabled: true }], allowLocalPeers: true, ...settings },
  );
  onTestFinished(() => launched.close());
  return launched;
}

/** Bytes each source brought, as the popup tells them. */
async function bytesBySource(launched: LaunchedBrowser): Promise<Record<string, number>> {
  const popup = await launched.browser.newPage();
  await popup.goto(`chrome-extension://${launched.extensionId}/popup.html`);
  await popup.waitForSelector('[data-source]');
  const parts = await popup.$$eval('[data-source]', (items) =>
    items.map((item) => [item.getAttribute('data-source') ?? '', Number(item.getAttribute('data-downloaded-bytes'))] as const),
  );
  await popup.close();
  return Object.fromEntries(parts);
}

function streamedSha256(frame: Frame): Promise<string> {
  return frame.evaluate(async () => {
    const url = document.querySelector('video')?.getAttribute('src') ?? '';
    const bytes = await (await fetch(url)).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  });
}

async function sha256Of(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

test('a film that only an unmodified WebTorrent peer has plays through a tracker', async () => {
  const magnet = await stockSeeder('film.mkv');
  const launched = await openViewer([], { defaultMode: 'webtorrent' });
  const frame = await watch(magnet, launched);
  expect((await untilPlaying(frame)).frames).toBeGreaterThan(0);
  expect(await streamedSha256(frame)).toBe(await sha256Of(filmPath('film.mkv')));
  const bytes = await bytesBySource(launched);
  expect(bytes['webtorrent']).toBeGreaterThan(0);
  expect(bytes['native'] ?? 0).toBe(0);
});

test('both swarms at once: every byte is counted under its source, and the film is whole', async () => {
  const magnet = await stockSeeder('film.webm');
  const signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
  const native = await startSeeder(filmPath('film.webm'), signaling.url, ['--upload-limit', '150']);
  onTestFinished(() => native.child.stop());
  const launched = await openViewer([signaling.url], { defaultMode: 'hybrid' });
  const frame = await watch(magnet, launched);
  expect((await untilPlaying(frame)).frames).toBeGreaterThan(0);
  await untilText(frame, 'main', /all of it verified/);
  expect(await streamedSha256(frame)).toBe(await sha256Of(filmPath('film.webm')));
  const bytes = await bytesBySource(launched);
  expect(bytes['native']).toBeGreaterThan(0);
  expect(bytes['webtorrent']).toBeGreaterThan(0);
});
