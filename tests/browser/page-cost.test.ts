import type { CDPSession, Page } from 'puppeteer';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchBrowser, type LaunchedBrowser } from '@/tests/support/launch-browser';
import { openUndecidedBrowser } from '@/tests/support/stage';
import { serveSite, type Site } from '@/tests/support/static-site';

/**
 * What a page pays for the extension, against the same page in a browser without it. The least of several runs: the rest is the machine's. How
 * much is too much is measured there, too: what looking at each link once takes on this machine.
 */

const MAGNET = 'magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&amp;dn=Film';
const LINKS = 10_000;
const ADDED_LINKS = 5_000;
const RUNS = 7;

const link = (index: number): string => `<li><a href="${MAGNET}${index}">Film ${index}</a></li>`;

let site: Site;
let browsers: { readonly plain: LaunchedBrowser; readonly extended: LaunchedBrowser };

beforeAll(async () => {
  const links = Array.from({ length: LINKS }, (_, index) => link(index)).join('');
  site = await serveSite({ '/': `<!doctype html><html lang="en"><title>Many</title><ul>${links}</ul></html>` });
  browsers = { plain: await launchBrowser({ extension: false }), extended: await openUndecidedBrowser() };
});

afterAll(async () => {
  await browsers?.plain.close();
  await browsers?.extended.close();
  await site?.close();
});

/** Of scripts on the page's main thread so far, whoever runs them. */
async function scriptMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN);
}

interface Cost {
  readonly loadMs: number;
  readonly addMs: number;
  /** Of asking one link whether it is a magnet link. */
  readonly askMs: number;
  readonly shifts: number;
}

/** A page of its own each time: what a renderer has compiled once it need not compile again. */
async function measure({ browser }: LaunchedBrowser): Promise<Cost> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await watchShifts(page);
  const session = await page.createCDPSession();
  await session.send('Performance.enable');
  await page.goto(site.origin);
  const loadMs = await scriptMs(session);
  await page.evaluate((html) => document.querySelector('ul')?.insertAdjacentHTML('beforeend', html), link(0).repeat(ADDED_LINKS));
  // Observers of changes would have had their turn by now.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  const addedMs = await scriptMs(session);
  const shifts = (await page.evaluate('window.shifts')) as number;
  await askEachLink(page);
  const askMs = ((await scriptMs(session)) - addedMs) / (LINKS + ADDED_LINKS);
  return { loadMs, addMs: addedMs - loadMs, askMs, shifts };
}

/** In a task of the page's: what the debugger runs there itself is not counted. */
async function askEachLink(page: Page): Promise<void> {
  const asked = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        setTimeout(() => resolve([...document.querySelectorAll('li > a')].filter((link) => link.matches('a[href^="magnet:"]')).length));
      }),
  );
  expect(asked).toBe(LINKS + ADDED_LINKS);
}

async function watchShifts(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(`
    window.shifts = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shifts += entry.value; }).observe({ type: 'layout-shift', buffered: true });
  `);
}

test('10,000 links cost less than to look at each of them, those added later too, and nothing on the page moves', async () => {
  const costs = { plain: [] as Cost[], extended: [] as Cost[] };
  for (let run = 0; run < RUNS; run++) {
    for (const which of ['plain', 'extended'] as const) costs[which].push(await measure(browsers[which]));
  }
  const least = (which: keyof typeof costs, what: 'loadMs' | 'addMs' | 'askMs'): number =>
    Math.min(...costs[which].map((cost) => cost[what]));
  const loadMs = least('extended', 'loadMs') - least('plain', 'loadMs');
  const addMs = least('extended', 'addMs') - least('plain', 'addMs');
  const askMs = least('plain', 'askMs');
  console.info(
    `more script than without the extension: ${loadMs.toFixed(2)} ms at load, ${addMs.toFixed(3)} ms for ${ADDED_LINKS} links; ` +
      `to ask each once: ${(askMs * LINKS).toFixed(2)} and ${(askMs * ADDED_LINKS).toFixed(2)} ms`,
  );
  // Else what the extension runs would not have been counted.
  expect(loadMs).toBeGreaterThan(0);
  expect(loadMs).toBeLessThan(askMs * LINKS);
  expect(addMs).toBeLessThan(askMs * ADDED_LINKS);
  expect(costs.extended.map(({ shifts }) => shifts)).toEqual(costs.plain.map(({ shifts }) => shifts));
});
