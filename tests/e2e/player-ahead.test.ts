import type { Page } from 'puppeteer';
import { expect, onTestFinished, test } from 'vitest';
import { serveFilm } from '@/tests/support/open-film';
import { openBrowser, playerFrame, untilPlaying } from '@/tests/support/stage';

async function openLinkPage(): Promise<{ readonly page: Page; readonly extensionId: string }> {
  const { signaling, site } = await serveFilm('faststart.mp4');
  const launched = await openBrowser([signaling.url]);
  onTestFinished(() => launched.close());
  const page = await launched.browser.newPage();
  await page.goto(site.origin);
  await page.bringToFront();
  return { page, extensionId: launched.extensionId };
}

/** The elements that the page has beside its head and body. */
function addedElements(page: Page): Promise<number> {
  return page.$$eval('html > :not(head, body)', (added) => added.length);
}

async function pressLink(page: Page): Promise<void> {
  const link = await page.waitForSelector('#film');
  const box = await link?.boundingBox();
  if (box == null) throw new Error('The link is not on the screen.');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
}

test('the page that is loaded while the button is down is the one that plays, and the page’s history has no step more', async () => {
  const { page, extensionId } = await openLinkPage();
  const steps = await page.evaluate(() => history.length);
  await pressLink(page);
  const player = await playerFrame(page, extensionId);
  await player.waitForSelector('[data-view-state]');
  expect(
    await player.evaluate(() => [location.hash, performance.getEntriesByType('resource').some(({ name }) => name.includes('/stream/'))]),
  ).toEqual(['#ahead', false]);
  const loadedAtMs = await player.evaluate(() => performance.timeOrigin);
  await page.mouse.up();
  await untilPlaying(player);
  // It asked before it knew which file of the torrent the film is, and for nothing else since.
  expect(await player.$$eval('video', (videos) => videos.map(({ src }) => src.split('/').at(-1)))).toEqual(['unasked']);
  expect(await player.evaluate(() => performance.timeOrigin)).toBe(loadedAtMs);
  expect(await addedElements(page)).toBe(1);
  expect(await page.evaluate(() => history.length)).toBe(steps);
});

test('a press that becomes no click leaves nothing in the page', async () => {
  const { page, extensionId } = await openLinkPage();
  await pressLink(page);
  await playerFrame(page, extensionId);
  await page.mouse.move(1, 1);
  await page.mouse.up();
  await page.waitForFunction(() => document.querySelector('html > :not(head, body)') === null);
  expect(page.frames()).toHaveLength(1);
});
