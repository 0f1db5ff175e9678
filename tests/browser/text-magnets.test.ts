import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import { OverlayProbe } from '@/tests/support/overlay-probe';
import { openUndecidedBrowser } from '@/tests/support/stage';
import { serveSite, type Site } from '@/tests/support/static-site';

/** Magnet links that stand on a page as plain text. */

const MAGNET = 'magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&dn=First';
const LIST = `${MAGNET}\n${MAGNET.replace('First', 'Second')}`;
const PAGE = `<!doctype html><html lang="en"><head><title>Written</title><script>
  window.heard = 0;
  window.addEventListener('click', () => window.heard++, true);
  window.shifts = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shifts += entry.value; }).observe({ type: 'layout-shift', buffered: true });
</script></head><body><p>Copy this (${MAGNET.replaceAll('&', '&amp;')}) into your program.</p><p>No link here.</p><p><a href="/film.torrent">A file</a></p></body></html>`;

let site: Site;
let launched: LaunchedBrowser;

beforeAll(async () => {
  site = await serveSite({ '/': PAGE, '/list': `<!doctype html><title>List</title><pre>${LIST.replaceAll('&', '&amp;')}</pre>` });
  launched = await openUndecidedBrowser();
});

afterAll(async () => {
  await launched.close();
  await site.close();
});

async function visit(path = '/'): Promise<Page> {
  const page = await launched.browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(`${site.origin}${path}`);
  await page.bringToFront();
  return page;
}

/** The middle of a word of the page, which stands in no element of its own. */
function placeOf(page: Page, word: string): Promise<{ readonly x: number; readonly y: number }> {
  return page.evaluate((wanted) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const at = node.textContent?.indexOf(wanted) ?? -1;
      if (at === -1) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      const { left, top, width, height } = range.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    }
    throw new Error(`the page has no ${wanted}`);
  }, word);
}

async function clickOn(page: Page, word: string): Promise<void> {
  const { x, y } = await placeOf(page, word);
  await page.mouse.click(x, y);
}

async function pointAt(page: Page, word: string): Promise<void> {
  const { x, y } = await placeOf(page, word);
  await page.mouse.move(x, y);
}

/** What stands in the document beside the page's own head and body. */
function hosts(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.children.length - 2);
}

async function untilButton(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.children.length === 3);
}

test('a click on one brings a button, which plays it; the page hears of the first click alone', async () => {
  const page = await visit();
  const probe = await OverlayProbe.attach(page, launched.extensionId);
  await clickOn(page, 'btih');
  await untilButton(page);
  expect(await page.evaluate('[window.heard, window.shifts]')).toEqual([1, 0]);
  expect(await page.$eval(':root > div', ({ lang, dir }) => [lang, dir])).toEqual(['en', 'ltr']);
  const box = await page.$eval(':root > div', (host) => host.getBoundingClientRect().toJSON() as DOMRect);
  const { top, bottom } = await page.$eval('p', (paragraph) => {
    const range = document.createRange();
    range.selectNodeContents(paragraph);
    const lines = [...range.getClientRects()];
    return { top: lines[0]?.top ?? 0, bottom: lines.at(-1)?.bottom ?? 0 };
  });
  expect(box.y + box.height / 2).toBeGreaterThan(top);
  expect(box.y + box.height / 2).toBeLessThan(bottom);
  expect(box.x).toBeGreaterThan(100);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await probe.untilReady();
  const player = await page.waitForFrame((frame) => frame.url().includes('/player.html'));
  // Nobody has agreed yet; what it would play it knows.
  await player.waitForSelector('[data-view-state="awaiting-consent"]');
  expect(await page.evaluate('window.heard')).toBe(1);
});

test.each(['into', 'here'])('a click on %s, beside it, brings none', async (word) => {
  const page = await visit();
  await clickOn(page, word);
  // The extension's script has had its say to the first click when the second is answered.
  await clickOn(page, 'btih');
  await untilButton(page);
  expect(await page.evaluate('window.heard')).toBe(2);
  expect(await hosts(page)).toBe(1);
});

test('the button goes with the next click, and with Esc', async () => {
  const page = await visit();
  await clickOn(page, 'btih');
  await untilButton(page);
  await clickOn(page, 'here');
  expect(await hosts(page)).toBe(0);
  await clickOn(page, 'btih');
  await untilButton(page);
  await page.keyboard.press('Escape');
  expect(await hosts(page)).toBe(0);
});

test('a pointer that stays upon one brings it without a click, keeps it while it goes over to it, and plays it from there', async () => {
  const page = await visit();
  const probe = await OverlayProbe.attach(page, launched.extensionId);
  await pointAt(page, 'btih');
  await untilButton(page);
  const box = await page.$eval(':root > div', (host) => host.getBoundingClientRect().toJSON() as DOMRect);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 8 });
  expect(await hosts(page)).toBe(1);
  await page.mouse.down();
  await page.mouse.up();
  await probe.untilReady();
  await page.waitForFrame((frame) => frame.url().includes('/player.html'));
  expect(await page.evaluate('[window.heard, window.shifts]')).toEqual([0, 0]);
});

test('it goes with the pointer, and comes back with it; beside the link, in the same text, none comes', async () => {
  const page = await visit();
  await pointAt(page, 'into');
  await pointAt(page, 'btih');
  await untilButton(page);
  await pointAt(page, 'here');
  expect(await hosts(page)).toBe(0);
  await pointAt(page, 'into');
  // What stays upon a link to a .torrent file from later on, for as long, has its button: theirs is the only one.
  await page.focus('[href$=".torrent"]');
  await untilButton(page);
  expect(await hosts(page)).toBe(1);
  await pointAt(page, 'btih');
  await untilButton(page);
});

test('once Esc has closed it, a pointer that stays upon the link brings another', async () => {
  const page = await visit();
  await pointAt(page, 'btih');
  await untilButton(page);
  await page.keyboard.press('Escape');
  expect(await hosts(page)).toBe(0);
  await pointAt(page, 'magnet');
  await untilButton(page);
});

test('of several in one text, each has its button while the pointer stays upon it', async () => {
  const page = await visit('/list');
  for (const word of ['First', 'Second']) {
    await pointAt(page, word);
    const { y } = await placeOf(page, word);
    await page.waitForFunction(
      (lineY) => {
        const boxes = [...document.querySelectorAll(':root > div')].map((host) => host.getBoundingClientRect());
        return boxes.length === 1 && boxes.every((box) => Math.abs(box.top + box.height / 2 - lineY) < 5);
      },
      {},
      y,
    );
  }
});
