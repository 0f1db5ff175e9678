import axe from 'axe-core';
import type { Frame, Page } from 'puppeteer';
import { expect, onTestFinished, test } from 'vitest';
import { clickAt, cover, REFUSED } from '@/tests/support/cover';
import { filmPath } from '@/tests/support/films';
import { openFilm } from '@/tests/support/open-film';
import { chooseFormat, chooseToShare } from '@/tests/support/share-page';
import { openBrowser, untilPlaying, untilText } from '@/tests/support/stage';

/** What axe-core finds on every screen, in light and dark: nothing. */

type Launched = Awaited<ReturnType<typeof openBrowser>>;

/** Rules of WCAG 2.0 to 2.2, A and AA, and what axe calls best practice. */
async function violations(screen: Page | Frame): Promise<string[]> {
  await screen.evaluate(axe.source);
  const { violations: found, passes } = await screen.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    return inPage.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
  });
  // Else nothing was looked at.
  expect(passes.length).toBeGreaterThan(10);
  return found.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`));
}

async function openScreen({ browser, extensionId }: Launched, name: string, scheme: 'light' | 'dark'): Promise<Page> {
  const page = await browser.newPage();
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto(`chrome-extension://${extensionId}/${name}.html`);
  await page.waitForSelector('h1, h2, main');
  return page;
}

test.each(['light', 'dark'] as const)('welcome, options, popup and sharing page in %s', async (scheme) => {
  const launched = await openBrowser([]);
  onTestFinished(() => launched.close());
  for (const name of ['welcome', 'options', 'popup', 'share']) {
    const page = await openScreen(launched, name, scheme);
    expect(await violations(page), name).toEqual([]);
    await page.close();
  }
});

test.each(['light', 'dark'] as const)('the sharing page with a file chosen, and its formats, in %s', async (scheme) => {
  const launched = await openBrowser([]);
  onTestFinished(() => launched.close());
  const page = await openScreen(launched, 'share', scheme);
  await chooseToShare(page, '#files', filmPath('film.webm'));
  await chooseFormat(page, 'v2');
  expect(await violations(page)).toEqual([]);
});

test.each(['light', 'dark'] as const)('the player with its panels, and the popup of a film, in %s', async (scheme) => {
  const { launched: film, page, frame } = await openFilm('collection');
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await untilText(frame, '.file-name', /part/);
  expect(await violations(frame), 'choosing a file').toEqual([]);
  await frame.locator('.file-name').click();
  await untilPlaying(frame);
  expect(await violations(frame), 'playing').toEqual([]);
  for (const panel of ['Engine', 'Files', 'Subtitles', 'Start-up times', 'Keys']) {
    await frame.locator(`footer button[aria-label^="${panel}"]`).click();
    expect(await violations(frame), panel).toEqual([]);
    if (panel !== 'Keys') await frame.locator(`footer button[aria-label^="${panel}"]`).click();
  }
  await page.keyboard.press('Escape');
  await frame.waitForSelector('.key-help', { hidden: true });
  await frame.locator('footer button[aria-label^="Engine"]').click();
  await frame.waitForSelector('.engines[data-seen]');
  await cover(page, 'inset: 0; width: auto; height: auto');
  await frame.waitForSelector('.engines:not([data-seen])');
  await clickAt(frame, '[data-engine-mode="webrtc"] input');
  await frame.waitForSelector(REFUSED);
  expect(await violations(frame), 'a press under a cover').toEqual([]);
  const popup = await openScreen(film, 'popup', scheme);
  await popup.locator('summary::-p-text(Peers and servers)').click();
  expect(await violations(popup), 'popup').toEqual([]);
  const options = await openScreen(film, 'options', scheme);
  await options.locator('[data-use="playing"] button').click();
  await options.waitForSelector('.cached-films .confirm');
  for (const summary of await options.$$('summary')) await summary.click();
  expect(await violations(options), 'options').toEqual([]);
});
