import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { filmPath } from '@/tests/support/films';
import { launchBrowser } from '@/tests/support/launch-browser';
import { openLinkIn } from '@/tests/support/open-film';
import { openBrowser, startSeeder, startSignaling, untilPlaying, untilText, type Signaling } from '@/tests/support/stage';

/** Whatever dies while a film plays, it plays on. The seeder is slow, so that most of the film is still missing at that moment. */

const SLOW = ['--upload-limit', '120'];

let signaling: Signaling;

afterEach(async () => {
  await signaling.stop();
});

async function stage(name: string, options: Parameters<typeof openBrowser>[1] = {}) {
  signaling = await startSignaling();
  const seeder = await startSeeder(filmPath(name), signaling.url, SLOW);
  onTestFinished(() => seeder.child.stop());
  const launched = await openBrowser([signaling.url], options);
  onTestFinished(() => launched.close());
  return { seeder, launched };
}

async function stopServiceWorkers(page: Page): Promise<void> {
  const session = await page.createCDPSession();
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await session.detach();
}

/** Jumps to a part of the film that is not here yet. */
function seekAhead(share: number) {
  const video = document.querySelector('video');
  if (video !== null) video.currentTime = video.duration * share;
}

test('the service worker is stopped again and again while the film plays', async () => {
  const { seeder, launched } = await stage('faststart.mp4', { keepOffServiceWorker: true });
  const { page, frame } = await openLinkIn(launched, seeder.magnet);
  await untilPlaying(frame, 0.5);
  for (let kill = 0; kill < 3; kill++) {
    await stopServiceWorkers(page);
    await untilPlaying(frame, 0.5);
  }
  await stopServiceWorkers(page);
  await frame.evaluate(seekAhead, 0.6);
  await untilPlaying(frame);
  expect(await frame.$eval('video', (video) => video.error)).toBeNull();
});

test('the offscreen document is closed while the film plays: a new engine goes on at the same byte', async () => {
  const { seeder, launched } = await stage('film.mkv');
  const { frame } = await openLinkIn(launched, seeder.magnet);
  await untilPlaying(frame, 0.5);
  const options = await launched.browser.newPage();
  await options.goto(`chrome-extension://${launched.extensionId}/options.html`);
  await options.evaluate(() => chrome.offscreen.closeDocument());
  await options.close();
  await frame.evaluate(seekAhead, 0.6);
  await untilPlaying(frame);
  expect(await frame.$eval('video', (video) => video.error)).toBeNull();
});

test('after a restart of the browser the film plays from the disk, with every peer and the server gone', async () => {
  const userDataDir = await mkdtemp(join(tmpdir(), 'lodestream-profile-'));
  onTestFinished(() => rm(userDataDir, { recursive: true, force: true }));
  signaling = await startSignaling();
  const seeder = await startSeeder(filmPath('film.webm'), signaling.url);
  const before = await openBrowser([signaling.url], { userDataDir });
  const { frame } = await openLinkIn(before, seeder.magnet);
  await untilPlaying(frame);
  await untilText(frame, 'main', /all of it verified/);
  await before.close();
  await seeder.child.stop();
  await signaling.stop();

  const after = await launchBrowser({ userDataDir });
  onTestFinished(() => after.close());
  const again = await openLinkIn(after, seeder.magnet);
  await untilPlaying(again.frame);
  // Who has agreed is not welcomed again, in front of the film.
  const pages = await after.browser.pages();
  expect(pages.map((page) => page.url()).filter((url) => url.endsWith('/welcome.html'))).toEqual([]);
});

test('a signaling server that is down is named, and the film plays once it is back', async () => {
  signaling = await startSignaling();
  const { url, port } = signaling;
  const seeder = await startSeeder(filmPath('faststart.mp4'), url);
  onTestFinished(() => seeder.child.stop());
  const launched = await openBrowser([url]);
  onTestFinished(() => launched.close());
  await signaling.stop();
  const { frame } = await openLinkIn(launched, seeder.magnet);
  expect(await untilText(frame, 'main', new RegExp(`127\\.0\\.0\\.1:${port}`))).toMatch(/Try again/);
  signaling = await startSignaling(port);
  // Unless the extension, which asks again by itself as well, was there first.
  await frame.$$eval('[data-message="signaling-unreachable"] button', ([retry]) => retry?.click());
  await untilPlaying(frame);
});
