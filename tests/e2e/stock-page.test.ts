import type { ElementHandle, Page } from 'puppeteer';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { buildWebTorrentPage } from '@/tests/bench/build-page';
import { reported } from '@/tests/bench/page-reports';
import { openPage } from '@/tests/bench/webtorrent-page/open-page';
import { sha256Of, streamedSha256 } from '@/tests/support/film-hash';
import { filmPath } from '@/tests/support/films';
import { launchBrowser } from '@/tests/support/launch-browser';
import { chooseFormat, chooseToShare, openSharePage, shareChosen } from '@/tests/support/share-page';
import { untilPlaying, untilText } from '@/tests/support/stage';
import { serveSite } from '@/tests/support/static-site';
import { watch, WebTorrentStage } from '@/tests/support/webtorrent-stage';

/** A page with the stock bundle of WebTorrent in one Chromium, the built extension in another, a real tracker between them. */

const FILM = filmPath('film.webm');

let stage: WebTorrentStage;

beforeEach(async () => {
  stage = await WebTorrentStage.open();
});

/** @param magnet without it the page shares what it is given */
async function openStockPage(magnet?: string): Promise<Page> {
  const site = await serveSite(await buildWebTorrentPage());
  onTestFinished(() => site.close());
  // Host names behind mDNS cannot be resolved on every machine that runs tests.
  const launched = await launchBrowser({ extension: false, args: ['--disable-features=WebRtcHideLocalIpsWithMdns'] });
  onTestFinished(() => launched.close());
  const page = await launched.browser.newPage();
  await openPage(page, site.origin, { store: 'memory', trackerUrl: stage.trackerUrl, iceServers: [], magnet, plays: true });
  return page;
}

test('our viewer plays what only a WebTorrent page shares', async () => {
  const page = await openStockPage();
  const input = (await page.waitForSelector('#file')) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(FILM);
  const magnet = await reported(page, 'magnet');
  const frame = await watch(magnet, await stage.openViewer([], { defaultMode: 'webtorrent' }));
  await untilPlaying(frame);
  expect(await streamedSha256(frame)).toBe(await sha256Of(FILM));
});

test('a WebTorrent page has the film from our viewer, whose own source is gone', async () => {
  const { magnet, child } = await stage.stockSeeder('film.webm');
  const launched = await stage.openViewer([], { defaultMode: 'hybrid' });
  const frame = await watch(magnet, launched);
  await untilPlaying(frame);
  await untilText(frame, 'main', /all of it verified/);
  await child.stop();
  const page = await openStockPage(magnet);
  await page.locator('#film').click();
  await reported(page, 'completeMs');
  expect(await streamedSha256(page)).toBe(await sha256Of(FILM));
});

test('a WebTorrent page plays a hybrid torrent of our sharing page, by the link with both its hashes', async () => {
  const sharing = await openSharePage(await stage.openViewer([], { defaultMode: 'hybrid' }));
  await chooseToShare(sharing, '#files', FILM);
  await chooseFormat(sharing, 'hybrid');
  const magnet = await shareChosen(sharing);
  expect(magnet).toMatch(/^magnet:\?xt=urn:btih:[0-9a-f]{40}&xt=urn:btmh:1220[0-9a-f]{64}&/);
  const page = await openStockPage(magnet);
  await page.locator('#film').click();
  await reported(page, 'completeMs');
  expect(await streamedSha256(page)).toBe(await sha256Of(FILM));
});
