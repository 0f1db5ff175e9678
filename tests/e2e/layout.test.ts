import type { Frame, Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { openFilm } from '@/tests/support/open-film';
import { untilPlaying } from '@/tests/support/stage';

/** Chromium's own measure of what moves by itself under the eyes (Layout Instability API); below 0.1 counts as good. */
const MOST = 0.02;

/** Counts from now on what moves in each document that is loaded in this tab. */
async function watchShifts(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    const counted = globalThis as unknown as { shifts: { value: number; what: string }[] };
    counted.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
        sources: { node?: Node }[];
      })[]) {
        if (entry.hadRecentInput) continue;
        const what = entry.sources
          .map(({ node }) => (node instanceof Element ? `${node.localName}.${node.className}` : node?.nodeName))
          .join(', ');
        counted.shifts.push({ value: entry.value, what });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

/** The large ones among them, should there be any. */
async function jumps(screen: Page | Frame): Promise<readonly string[]> {
  // The observer is told of a frame after it was painted.
  await screen.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))));
  const shifts = await screen.evaluate(() => (globalThis as unknown as { shifts: { value: number; what: string }[] }).shifts);
  const sum = shifts.reduce((total, { value }) => total + value, 0);
  return sum < MOST ? [] : shifts.map(({ value, what }) => `${value.toFixed(3)}: ${what}`);
}

test('nothing jumps while a page fills, a film starts, and its figures change', async () => {
  const { launched, page, frame } = await openFilm('faststart.mp4', ['--upload-limit', '120']);
  await untilPlaying(frame);
  const pages = [
    ['welcome', 'h1'],
    ['options', '#cached-films[data-engine="known"]'],
    ['share', '[data-chooser="empty"]'],
    ['popup', '.rate-graph[data-samples="4"]'],
  ] as const;
  for (const [name, filled] of pages) {
    const own = await launched.browser.newPage();
    await watchShifts(own);
    await own.goto(`chrome-extension://${launched.extensionId}/${name}.html`);
    await own.waitForSelector(filled);
    expect(await jumps(own), name).toEqual([]);
    await own.close();
  }
  await page.bringToFront();
  await watchShifts(page);
  await page.reload();
  await page.locator('#film').click();
  const again = await page.waitForFrame((candidate) => candidate !== frame && candidate.url().includes('/player.html'));
  await untilPlaying(again);
  expect(await jumps(again), 'player').toEqual([]);
  expect(await jumps(page), 'the page below it').toEqual([]);
});
