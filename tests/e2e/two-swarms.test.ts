import { stat } from 'node:fs/promises';
import type { Frame } from 'puppeteer';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { startScript, type Child } from '@/tests/support/child-process';
import { filmPath } from '@/tests/support/films';
import { sha256Of, streamedSha256 } from '@/tests/support/film-hash';
import { startSeeder, startSignaling, untilPlaying, untilText, type Signaling } from '@/tests/support/stage';
import { bytesBySource, watch, WebTorrentStage } from '@/tests/support/webtorrent-stage';

/** One film from the native and the WebTorrent swarm at once, in the built extension; every other peer in a process of its own. */

/** Twice what the film plays at, in kilobytes a second: with one of two such seeders gone the other is still enough. */
const SEEDER_RATE = '90';

let stage: WebTorrentStage;
let signaling: Signaling;

beforeEach(async () => {
  stage = await WebTorrentStage.open();
  signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
});

/** Counts from now on how often the picture waits for data. */
function watchStalls(frame: Frame): Promise<void> {
  return frame.evaluate(() => {
    const { dataset } = document.documentElement;
    dataset['stalls'] = '0';
    document.querySelector('video')?.addEventListener('waiting', () => {
      dataset['stalls'] = String(Number(dataset['stalls']) + 1);
    });
  });
}

function stallsOf(frame: Frame): Promise<string | undefined> {
  return frame.evaluate(() => document.documentElement.dataset['stalls']);
}

/** Plays the end of the film, once all of it is there. */
async function playEnd(frame: Frame): Promise<void> {
  await frame.$eval('video', async (video) => {
    const ended = new Promise((resolve) => video.addEventListener('ended', resolve, { once: true }));
    video.currentTime = video.duration - 1;
    await video.play();
    await ended;
  });
}

test('half of the pieces in each swarm: neither can finish alone, and the film plays to its end', async () => {
  const film = filmPath('film.webm');
  const { magnet } = await stage.stockSeeder('film.webm', ['--pieces', 'odd']);
  const native = startScript('tests/support/partial-seeder.ts', [film, '--signaling', signaling.url, '--pieces', 'even']);
  onTestFinished(() => native.stop());
  await native.waitForLine(/^magnet:/);
  const launched = await stage.openViewer([signaling.url], { defaultMode: 'hybrid' });
  const frame = await watch(magnet, launched);
  await untilPlaying(frame);
  await untilText(frame, 'main', /all of it verified/);
  await playEnd(frame);
  expect(await streamedSha256(frame)).toBe(await sha256Of(film));
  const { native: fromNative = 0, webtorrent: fromWebTorrent = 0, ...others } = await bytesBySource(launched);
  const { size } = await stat(film);
  expect(others).toEqual({});
  expect(fromNative).toBeGreaterThan(size * 0.45);
  expect(fromWebTorrent).toBeGreaterThan(size * 0.45);
  expect(fromNative + fromWebTorrent).toBeLessThanOrEqual(size * 1.03);
});

test.each(['native', 'webtorrent'] as const)('the %s swarm dies while the film plays: the other goes on without a stall', async (dying) => {
  const { magnet, child: stock } = await stage.stockSeeder('film.webm', ['--upload-limit', SEEDER_RATE]);
  const native = await startSeeder(filmPath('film.webm'), signaling.url, ['--upload-limit', SEEDER_RATE]);
  onTestFinished(() => native.child.stop());
  const seeders: Readonly<Record<typeof dying, Child>> = { native: native.child, webtorrent: stock };
  const launched = await stage.openViewer([signaling.url], { defaultMode: 'hybrid' });
  const frame = await watch(magnet, launched);
  await untilPlaying(frame);
  let before: Record<string, number>;
  do before = await bytesBySource(launched);
  while ((before['native'] ?? 0) === 0 || (before['webtorrent'] ?? 0) === 0);
  await watchStalls(frame);
  await seeders[dying].kill();
  await untilText(frame, 'main', /all of it verified/);
  expect(await stallsOf(frame)).toBe('0');
  expect(await streamedSha256(frame)).toBe(await sha256Of(filmPath('film.webm')));
  const after = await bytesBySource(launched);
  const survivor = dying === 'native' ? 'webtorrent' : 'native';
  expect(after[survivor]).toBeGreaterThan(before[survivor] ?? 0);
});

test('the engines of a film are switched in the overlay while it plays', async () => {
  const { magnet } = await stage.stockSeeder('film.webm', ['--upload-limit', SEEDER_RATE]);
  const native = await startSeeder(filmPath('film.webm'), signaling.url, ['--upload-limit', SEEDER_RATE]);
  onTestFinished(() => native.child.stop());
  const launched = await stage.openViewer([signaling.url], { defaultMode: 'webtorrent' });
  const frame = await watch(magnet, launched);
  await untilPlaying(frame);
  expect(Object.keys(await bytesBySource(launched))).toEqual(['webtorrent']);
  await frame.locator('.bar button[aria-label^="Engine:"]').click();
  await frame.locator('.engines[data-seen] [data-engine-mode="webrtc"] input').click();
  await frame.waitForSelector('[data-engine-mode="webrtc"][data-chosen]');
  await frame.locator('.engines header button').click();
  await untilText(frame, 'main', /all of it verified/);
  await untilPlaying(frame);
  const bytes = await bytesBySource(launched);
  expect(bytes['native']).toBeGreaterThan(0);
  expect(await streamedSha256(frame)).toBe(await sha256Of(filmPath('film.webm')));
});

test('a tracker added in the overlay leads to the film that nobody had', async () => {
  const { magnet } = await stage.stockSeeder('film.webm');
  const withoutTracker = magnet.replace(/&tr=[^&]*/, '');
  const launched = await stage.openViewer([signaling.url], { defaultMode: 'hybrid', trackers: [] });
  const frame = await watch(withoutTracker, launched);
  await frame.locator('[data-message="no-peer"] button::-p-text(Add tracker)').click();
  const field = frame.locator('.add-server input');
  await field.fill('udp://tracker.example:80');
  await frame.locator('.add-server button[data-seen]').click();
  expect(await untilText(frame, '.add-server .field-error', /wss:/)).toMatch(/browser/);
  await field.fill(stage.trackerUrl);
  await frame.locator('.add-server button[data-seen]').click();
  await untilPlaying(frame);
  expect(await streamedSha256(frame)).toBe(await sha256Of(filmPath('film.webm')));
});
