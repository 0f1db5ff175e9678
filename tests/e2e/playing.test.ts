import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { FILM_WIDTH_PIXELS, filmPath } from '@/tests/support/films';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import {
  clickLink,
  linkPage,
  openBrowser,
  playerFrame,
  serveLinkPage,
  startSeeder,
  startSignaling,
  timelineOf,
  untilPlaying,
  untilText,
  type Seeder,
  type Signaling,
} from '@/tests/support/stage';
import { serveSite, type Site } from '@/tests/support/static-site';

/** A click on a magnet link plays the film: real Chromium, the built extension, the peer and the server in processes of their own. */

let signaling: Signaling;
let launched: LaunchedBrowser;
const seeders: Seeder[] = [];
const sites: Site[] = [];

beforeAll(async () => {
  signaling = await startSignaling();
  launched = await openBrowser([signaling.url]);
});

afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.close()));
  await Promise.all(seeders.splice(0).map(({ child }) => child.stop()));
});

afterAll(async () => {
  await launched?.close();
  await signaling?.stop();
});

async function seed(name: string): Promise<string> {
  const seeder = await startSeeder(filmPath(name), signaling.url);
  seeders.push(seeder);
  return seeder.magnet;
}

async function openPage(magnet: string, headers: Readonly<Record<string, string>> = {}, { browser } = launched) {
  const site = await serveLinkPage(magnet, headers);
  sites.push(site);
  const page = await browser.newPage();
  await page.goto(site.origin);
  return page;
}

test.each([
  ['MP4 with its index in front', 'faststart.mp4'],
  ['MP4 with its index at the end', 'moov-at-end.mp4'],
  ['Matroska with H.264 and AAC', 'film.mkv'],
  ['WebM with VP9 and Opus', 'film.webm'],
])('%s plays: the picture advances and sound is decoded', async (_container, name) => {
  const page = await openPage(await seed(name));
  const frame = await clickLink(page, launched.extensionId);
  const picture = await untilPlaying(frame);
  expect(picture.widthPixels).toBe(FILM_WIDTH_PIXELS);
  const moments = await timelineOf(frame);
  expect(Object.keys(moments).toSorted()).toEqual(['first-frame', 'first-piece', 'metadata', 'overlay', 'peer', 'signaling']);
  expect(Object.values(moments), 'they are listed in the order of their times').toEqual(Object.values(moments).toSorted((a, b) => a - b));
  expect(await untilText(frame, 'main', /Playing/)).toMatch(/1 peer/);
  await page.close();
});

test('a film with its index at the end seeks to a place that was not there yet', async () => {
  // A server of its own: other viewers of this film would pass it on faster than the seeder.
  const apart = await startSignaling();
  onTestFinished(() => apart.stop());
  const seeder = await startSeeder(filmPath('moov-at-end.mp4'), apart.url, ['--upload-limit', '120']);
  onTestFinished(() => seeder.child.stop());
  const fresh = await openBrowser([apart.url]);
  onTestFinished(() => fresh.close());
  const page = await openPage(seeder.magnet, {}, fresh);
  const frame = await clickLink(page, fresh.extensionId);
  await untilPlaying(frame, 0.2);
  const share = await untilText(frame, 'main', /\d+\s?% verified/);
  expect(Number(/(\d+)\s?% verified/.exec(share)?.[1])).toBeLessThan(60);
  const target = await frame.evaluate(() => {
    const video = document.querySelector('video');
    if (video === null) return 0;
    video.currentTime = video.duration * 0.7;
    return video.currentTime;
  });
  const picture = await untilPlaying(frame);
  expect(picture.currentTime).toBeGreaterThan(target);
});

test('a link that a script adds after the page has loaded plays, too', async () => {
  const magnet = await seed('faststart.mp4');
  const site = await serveSite({ '/': '<!doctype html><title>Empty</title><div id="later"></div>' });
  sites.push(site);
  const page = await launched.browser.newPage();
  await page.goto(site.origin);
  await page.evaluate((html) => {
    const later = document.querySelector('#later');
    if (later !== null) later.innerHTML = html;
  }, linkPage(magnet));
  const frame = await clickLink(page, launched.extensionId);
  expect((await untilPlaying(frame)).widthPixels).toBe(FILM_WIDTH_PIXELS);
  await page.close();
});

test.each([
  ['a content security policy that forbids everything', { 'content-security-policy': "default-src 'none'" }],
  ['cross-origin isolation', { 'cross-origin-embedder-policy': 'require-corp', 'cross-origin-opener-policy': 'same-origin' }],
])('a page with %s hosts the player', async (_policy, headers) => {
  const page = await openPage(await seed('faststart.mp4'), headers);
  const frame = await clickLink(page, launched.extensionId);
  expect((await untilPlaying(frame)).widthPixels).toBe(FILM_WIDTH_PIXELS);
  await page.close();
});

test('a torrent of several files lets the viewer choose, plays what was chosen, and what comes next or before', async () => {
  const page = await openPage(await seed('collection'));
  const frame = await clickLink(page, launched.extensionId);
  await frame.waitForSelector('[data-view-state="choosing-file"]');
  const names = await frame.$$eval('[data-file-index]', (items) => items.map((item) => item.textContent ?? ''));
  expect(names.length).toBeGreaterThanOrEqual(3);
  expect(names.join(' ')).toMatch(/\.(srt|vtt)/);
  expect(names[0]).toMatch(/^part-1\.mp4Video · \d+ kB$/);
  expect(await frame.$eval(':focus', (focused) => focused.getAttribute('data-file-index'))).toBe('0');
  await frame.locator('button[data-file-index="0"], [data-file-index="0"] button').click();
  await untilPlaying(frame);
  await frame.locator('.controls button[aria-label^="Next file"]').click();
  await frame.waitForSelector('video[src$="/1"]');
  await untilPlaying(frame, 0.2);
  // The keyboard comes into the list with it, to what plays, and goes back with it.
  await frame.focus('button[aria-label="Files"]');
  await page.keyboard.press('Enter');
  await frame.waitForSelector('[data-file-index="1"]:focus');
  await page.keyboard.press('Escape');
  await frame.waitForSelector('button[aria-label="Files"]:focus');
  await frame.locator('.controls button[aria-label^="File before"]').click();
  await frame.waitForSelector('video[src$="/0"]');
  await page.close();
});

test('the list of files shares the film: by its magnet link, and with the system’s own torrent app', async () => {
  const magnet = await seed('collection');
  const page = await openPage(magnet);
  const frame = await clickLink(page, launched.extensionId);
  expect(await (await frame.waitForSelector('.files-links a'))?.evaluate((link) => link.getAttribute('href'))).toBe(magnet);
  await frame.locator('.files-links button').click();
  expect(await untilText(frame, '.files-links', /Copied/)).toContain('Open in torrent app');
  expect(await frame.$$eval('.files-links button', ([copy]) => copy === document.activeElement)).toBe(true);
  const popup = await launched.browser.newPage();
  await popup.goto(`chrome-extension://${launched.extensionId}/popup.html`);
  await popup.locator('.open-film input').click();
  await popup.keyboard.press('v', { commands: ['Paste'] });
  expect(await popup.$eval('.open-film input', (input) => input.value)).toBe(magnet);
  await Promise.all([page.close(), popup.close()]);
});

test('a second tab joins the session and downloads nothing again', async () => {
  const magnet = await seed('film.webm');
  const first = await openPage(magnet);
  await untilPlaying(await clickLink(first, launched.extensionId));
  const popup = await launched.browser.newPage();
  await popup.goto(`chrome-extension://${launched.extensionId}/popup.html`);
  const before = await untilText(popup, 'main', /100\s?%/);
  expect(before).toContain('film.webm');
  for (const { child } of seeders) await child.stop();
  const second = await openPage(magnet);
  const frame = await clickLink(second, launched.extensionId);
  await untilPlaying(frame);
  await Promise.all([first.close(), second.close(), popup.close()]);
});

test.each([
  ['sound', 'unheard.mkv', /AC-3/],
  ['picture', 'unseen.mp4', /HEVC|picture/],
])('a %s this browser cannot decode is named instead of left out in silence', async (track, name, advice) => {
  const page = await openPage(await seed(name));
  const frame = await clickLink(page, launched.extensionId);
  expect(await untilText(frame, 'main', advice)).toContain(track);
  await page.close();
});

test('a link with a broken info hash is answered in words', async () => {
  const page = await openPage('magnet:?xt=urn:btih:1234');
  await page.bringToFront();
  await page.locator('#film').click();
  const frame = await playerFrame(page, launched.extensionId);
  expect(await untilText(frame, 'main', /magnet link/i)).toMatch(/40/);
  await page.close();
});
