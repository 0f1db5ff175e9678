import type { Page } from 'puppeteer';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { filmPath } from '@/tests/support/films';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import {
  clickLink,
  openBrowser,
  serveLinkPage,
  startSeeder,
  startSignaling,
  untilPlaying,
  untilText,
  type Signaling,
} from '@/tests/support/stage';

/** Popup and options over a real engine. */

let signaling: Signaling;
let launched: LaunchedBrowser;

beforeEach(async () => {
  signaling = await startSignaling();
});

afterEach(async () => {
  await launched.close();
  await signaling.stop();
});

async function openPage(path: string): Promise<Page> {
  const page = await launched.browser.newPage();
  await page.goto(path.startsWith('http') ? path : `chrome-extension://${launched.extensionId}/${path}`);
  return page;
}

test('the popup shows the session with its peer, pauses, resumes, stops it and deletes what is stored', async () => {
  const seeder = await startSeeder(filmPath('faststart.mp4'), signaling.url, ['--upload-limit', '80']);
  onTestFinished(() => seeder.child.stop());
  launched = await openBrowser([signaling.url]);
  const site = await serveLinkPage(seeder.magnet);
  onTestFinished(() => site.close());
  const film = await openPage(site.origin);
  const frame = await clickLink(film, launched.extensionId);
  await untilPlaying(frame, 0.2);

  const popup = await openPage('popup.html');
  const card = await untilText(popup, '[data-session-state="active"]', /1 peer/);
  expect(card).toContain('faststart.mp4');
  expect(card).toMatch(/[\d.]+ .?B\/s/);
  await popup.locator('button ::-p-text(Pause)').click();
  expect(await untilText(popup, '[data-session-state="paused"]', /0 peers/)).toContain('Resume');
  await popup.locator('button ::-p-text(Resume)').click();
  expect(await untilText(popup, '[data-session-state="active"]', /1 peer/)).toContain('Pause');
  await popup.locator('button ::-p-text(Delete)').click();
  await popup.waitForSelector('.confirm button:focus ::-p-text(Keep)');
  await popup.locator('.confirm button ::-p-text(Delete)').click();
  await popup.waitForSelector('[data-session-id]', { hidden: true });
  expect(await untilText(popup, 'footer', /\b0\s/)).toContain('stored');
  await film.bringToFront();
  await frame.waitForSelector('[data-view-state="removed"]');
});

test('a signaling server added in the options is used at once, and one that is no address is refused in words', async () => {
  const seeder = await startSeeder(filmPath('film.webm'), signaling.url);
  onTestFinished(() => seeder.child.stop());
  launched = await openBrowser([]);
  const site = await serveLinkPage(seeder.magnet);
  onTestFinished(() => site.close());
  const film = await openPage(site.origin);
  const frame = await clickLink(film, launched.extensionId);
  expect(await untilText(frame, 'main', /There is no server to ask/)).toMatch(/settings/i);

  const options = await openPage('options.html');
  await options.locator('#signaling-servers .add-server input').fill('no address');
  await options.locator('#signaling-servers .add-server button').click();
  expect(await untilText(options, '#signaling-servers .add-server .field-error', /https:/)).toMatch(/address/);
  await options.locator('#signaling-servers .add-server input').fill(signaling.url);
  await options.locator('#signaling-servers .add-server button').click();
  await options.waitForSelector(`[data-server="${signaling.url}"]`);
  await film.bringToFront();
  expect((await untilPlaying(frame)).frames).toBeGreaterThan(0);
});

test('consent that is withdrawn in the options ends all traffic until it is given again', async () => {
  const seeder = await startSeeder(filmPath('film.mkv'), signaling.url, ['--upload-limit', '80']);
  onTestFinished(() => seeder.child.stop());
  launched = await openBrowser([signaling.url]);
  const site = await serveLinkPage(seeder.magnet);
  onTestFinished(() => site.close());
  const film = await openPage(site.origin);
  const frame = await clickLink(film, launched.extensionId);
  await untilPlaying(frame, 0.2);
  const options = await openPage('options.html');
  await options.locator('button ::-p-text(Withdraw)').click();
  const confirm = await options.$('.confirm button');
  await confirm?.click();
  await seeder.child.waitForLine(/^Peers: 0, uploaded [1-9]/);
  await frame.waitForSelector('[data-view-state="awaiting-consent"]');
  expect(await untilText(frame, 'main', /agree/i)).not.toContain('Playing');
});
