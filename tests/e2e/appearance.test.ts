import type { Page } from 'puppeteer';
import { expect, onTestFinished, test } from 'vitest';
import { OverlayProbe } from '@/tests/support/overlay-probe';
import { clickLink, openBrowser, serveLinkPage } from '@/tests/support/stage';

/** Light or dark, as the viewer chose, on every screen and at once. */

const GROUND = { light: 'rgb(244, 245, 250)', dark: 'rgb(13, 15, 23)' };
/** Of the frame around the player. */
const SHELL = { light: 'rgb(255, 255, 255)', dark: 'rgb(23, 26, 38)' };

type Look = keyof typeof GROUND;

async function untilLook(page: Page, look: Look): Promise<void> {
  await page.bringToFront();
  await page.waitForFunction((ground) => getComputedStyle(document.documentElement).backgroundColor === ground, {}, GROUND[look]);
}

async function openPage(open: () => Promise<Page>, url: string, system: Look): Promise<Page> {
  const page = await open();
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: system }]);
  await page.goto(url);
  return page;
}

test.each([
  ['dark', 'light'],
  ['light', 'dark'],
] as const)('what is set to %s is so everywhere on a system that is %s, until it follows the system again', async (chosen, system) => {
  const launched = await openBrowser([]);
  onTestFinished(() => launched.close());
  const site = await serveLinkPage(`magnet:?xt=urn:btih:${'a'.repeat(40)}`);
  onTestFinished(() => site.close());
  const open = (url: string): Promise<Page> => openPage(() => launched.browser.newPage(), url, system);

  const film = await open(site.origin);
  const frame = await clickLink(film, launched.extensionId);
  const probe = await OverlayProbe.attach(film, launched.extensionId);
  await probe.untilGround(SHELL[system]);
  const pages: Page[] = [];
  for (const name of ['popup', 'welcome', 'share', 'options']) {
    const page = await open(`chrome-extension://${launched.extensionId}/${name}.html`);
    await untilLook(page, system);
    pages.push(page);
  }
  const options = pages.at(-1);
  const choose = (theme: string): Promise<void> | undefined => options?.locator(`[name="theme"][value="${theme}"]`).click();
  await choose(chosen);
  for (const page of pages) await untilLook(page, chosen);
  await probe.untilGround(SHELL[chosen]);
  // A film is watched in the dark.
  expect(await frame.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark');

  await options?.reload();
  await options?.waitForSelector(`[name="theme"][value="${chosen}"]:checked`);
  await options?.bringToFront();
  await choose('system');
  for (const page of pages) await untilLook(page, system);
  await probe.untilGround(SHELL[system]);
});

test.each([
  ['moves', []],
  ['stands still where the system asks for less motion', ['--force-prefers-reduced-motion']],
] as const)('what shows that a film is being sought %s', async (_what, args) => {
  const launched = await openBrowser([], { args });
  onTestFinished(() => launched.close());
  const site = await serveLinkPage(`magnet:?xt=urn:btih:${'a'.repeat(40)}`);
  onTestFinished(() => site.close());
  const page = await launched.browser.newPage();
  await page.goto(site.origin);
  const frame = await clickLink(page, launched.extensionId);
  await frame.waitForSelector('.timeline [data-current]');
  const endless = await frame.evaluate(
    () => document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations === Infinity).length,
  );
  expect(endless > 0).toBe(args.length === 0);
});
