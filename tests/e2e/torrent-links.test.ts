import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { MAX_TORRENT_FILE_BYTES } from '@/src/protocol/engine-api';
import { chooseMenuEntry, serviceWorker } from '@/tests/support/choose-menu-entry';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import { openBrowser, openUndecidedBrowser, playerFrame, untilText } from '@/tests/support/stage';
import { serveSite, type Site } from '@/tests/support/static-site';
import { visitPage, type Visit } from '@/tests/support/visit-page';

const TORRENT = `d4:infod6:lengthi5e4:name10:Cookie.mp412:piece lengthi16384e6:pieces20:${'x'.repeat(20)}ee`;

let site: Site;
let elsewhere: Site;
let launched: LaunchedBrowser;

beforeAll(async () => {
  elsewhere = await serveSite({ '/film.torrent': TORRENT });
  site = await serveSite(({ url = '/', headers }) => {
    if (url === '/') {
      return {
        headers: { 'set-cookie': 'member=1' },
        body: '<!doctype html><html lang="en"><title>Films</title><a id="film" href="/film.torrent">Film</a> <a id="next" href="/next">Next</a></html>',
      };
    }
    if (url === '/film.torrent') return headers.cookie === 'member=1' ? TORRENT : { status: 403, body: 'Members only' };
    if (url === '/large.torrent') return 'x'.repeat(MAX_TORRENT_FILE_BYTES + 1);
    return url === '/page.torrent' ? '<p>No torrent' : undefined;
  });
  launched = await openBrowser([]);
});

afterAll(async () => {
  await launched?.close();
  await site?.close();
  await elsewhere?.close();
});

function visit(browser = launched): Promise<Visit> {
  return visitPage(browser, site.origin);
}

test('a .torrent file is fetched as a member of the page, and its film is opened there', async () => {
  const { page } = await visit();
  await chooseMenuEntry(await serviceWorker(launched.browser), { menuItemId: 'link', linkUrl: `${site.origin}/film.torrent` });
  await untilText(await playerFrame(page, launched.extensionId), 'body', /Cookie\.mp4/);
});

test.each([
  ['is not there', () => `${site.origin}/none.torrent`, 'it answered 404'],
  ['is too large', () => `${site.origin}/large.torrent`, 'larger than 10 MiB'],
  ['is something else', () => `${site.origin}/page.torrent`, 'not a torrent file'],
  ['is on a site that gives it to nobody else', () => `${elsewhere.origin}/film.torrent`, 'drop it on the popup'],
])('what %s is told in words', async (_why, url, sentence) => {
  const { probe } = await visit();
  await chooseMenuEntry(await serviceWorker(launched.browser), { menuItemId: 'link', linkUrl: url() });
  expect(await probe.untilNotice(sentence)).toBeTruthy();
  expect(probe.frameUrls()).toEqual([]);
});

test('the pointer upon such a link brings a button, which plays its film there; the link itself is left to the page', async () => {
  const { page } = await visit();
  await page.hover('#film');
  await untilButton(page, 1);
  await page.mouse.move(0, 400);
  await untilButton(page, 0);
  await page.focus('#film');
  await page.keyboard.press('Shift');
  await untilButton(page, 1);
  await page.keyboard.press('Escape');
  await untilButton(page, 0);
  await page.hover('#next');
  await page.hover('#film');
  await untilButton(page, 1);
  const { x, y, width, height } = await page.$eval(':root > div', (host) => host.getBoundingClientRect().toJSON() as DOMRect);
  const link = await page.$eval('#film', (element) => element.getBoundingClientRect().toJSON() as DOMRect);
  expect([x - link.right, y + height / 2 - (link.top + link.bottom) / 2].map(Math.round)).toEqual([0, 0]);
  // Straight over to it, across what is between them.
  await page.mouse.move(x + width / 2, y + height / 2, { steps: 20 });
  await page.mouse.click(x + width / 2, y + height / 2);
  await untilText(await playerFrame(page, launched.extensionId), 'body', /Cookie\.mp4/);
});

test('from the link, Tab goes to the button and on to what comes next in the page; Shift+Tab goes back', async () => {
  const { page } = await visit();
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.id || (document.activeElement?.localName ?? ''));
  await page.focus('#film');
  await untilButton(page, 1);
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('div');
  await page.keyboard.down('Shift');
  await page.keyboard.press('Tab');
  await page.keyboard.up('Shift');
  expect(await focused()).toBe('film');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('next');
  await untilButton(page, 0);
  await page.focus('#film');
  await untilButton(page, 1);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await untilText(await playerFrame(page, launched.extensionId), 'body', /Cookie\.mp4/);
});

/** What stands in the document beside its head and body. */
async function untilButton(page: Page, count: number): Promise<void> {
  await page.waitForFunction((wanted) => document.documentElement.children.length - 2 === wanted, {}, count);
}

test('a file that comes once its overlay is closed, or shows another film, opens nothing any more', async () => {
  const late = createServer();
  late.listen(0, '127.0.0.1');
  await once(late, 'listening');
  onTestFinished(() => void late.close());
  const worker = await serviceWorker(launched.browser);
  const chooseLate = async (): Promise<ServerResponse> => {
    const asked = once(late, 'request');
    const { port } = late.address() as AddressInfo;
    await chooseMenuEntry(worker, { menuItemId: 'link', linkUrl: `http://127.0.0.1:${port}/film.torrent` });
    const [, response] = (await asked) as [unknown, ServerResponse];
    return response.setHeader('access-control-allow-origin', '*');
  };
  const { page, probe } = await visit();
  const first = await chooseLate();
  await probe.untilOpen();
  await page.keyboard.press('Escape');
  await probe.untilClosed();
  const firstCame = await probe.listenFor('overlayPlay');
  first.end(TORRENT);
  await firstCame();
  expect(await probe.isOpen()).toBe(false);

  const second = await chooseLate();
  await chooseMenuEntry(worker, { menuItemId: 'link', linkUrl: `magnet:?xt=urn:btih:${'a'.repeat(40)}` });
  const player = await playerFrame(page, launched.extensionId);
  await probe.untilReady();
  const secondCame = await probe.listenFor('overlayPlay');
  second.end(TORRENT);
  await secondCame();
  // Another film would have covered the player by now.
  await probe.untilReady();
  expect(page.frames()).toContain(player);
});

test('before the viewer has agreed nothing is fetched, and the consent page comes up', async () => {
  const fresh = await openUndecidedBrowser();
  onTestFinished(() => fresh.close());
  const before = site.requestedPaths.filter((path) => path.endsWith('.torrent')).length;
  const { probe } = await visit(fresh);
  await chooseMenuEntry(await serviceWorker(fresh.browser), { menuItemId: 'link', linkUrl: `${site.origin}/film.torrent` });
  await fresh.browser.waitForTarget((target) => target.url().endsWith('/welcome.html'));
  expect(await probe.isOpen()).toBe(false);
  expect(site.requestedPaths.filter((path) => path.endsWith('.torrent'))).toHaveLength(before);
});
