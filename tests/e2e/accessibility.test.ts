import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Frame, Page } from 'puppeteer';
import { expect, onTestFinished, test } from 'vitest';
import { clickAt, cover, REFUSED } from '@/tests/support/cover';
import { filmPath } from '@/tests/support/films';
import { openFilm, openFiles } from '@/tests/support/open-film';
import { chooseFormat, chooseToShare } from '@/tests/support/share-page';
import { launchBrowser } from '@/tests/support/launch-browser';
import { writeSoundAndPicture } from '@/tests/support/sound-and-picture';
import { agree, clickLink, openBrowser, storeSettings, untilPlaying, untilText } from '@/tests/support/stage';
import { serveSite } from '@/tests/support/static-site';

/** What axe-core finds on every screen, in light and dark: nothing. */

type Launched = Pick<Awaited<ReturnType<typeof openBrowser>>, 'browser' | 'extensionId'>;

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

test.each(['light', 'dark'] as const)('what waits for the viewer’s agreement, and what went wrong, in %s', async (scheme) => {
  const launched = await launchBrowser();
  onTestFinished(() => launched.close());
  const site = await serveSite({
    '/': `<!doctype html><html lang="en"><title>Films</title><a id="film" href="magnet:?xt=urn:btih:${'a'.repeat(40)}">Film</a>`,
    '/broken': '<!doctype html><html lang="en"><title>Films</title><a id="film" href="magnet:?xt=urn:btih:zz">Film</a>',
  });
  onTestFinished(() => site.close());
  const play = async (path: string): Promise<Frame> => {
    const page = await launched.browser.newPage();
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(site.origin + path);
    return clickLink(page, launched.extensionId);
  };
  for (const name of ['welcome', 'popup', 'share', 'options']) {
    const page = await openScreen(launched, name, scheme);
    expect(await violations(page), name).toEqual([]);
    await page.close();
  }
  const waiting = await play('/');
  await waiting.waitForSelector('[data-message="awaiting-consent"]');
  expect(await violations(waiting), 'waiting').toEqual([]);

  await agree(launched);
  await storeSettings(launched, { signalingServers: [{ url: 'http://127.0.0.1:9', enabled: true }], iceServers: [], trackers: [] });
  const lonely = await play('/');
  await untilText(lonely, '.message-card', /answers at/);
  expect(await violations(lonely), 'no server').toEqual([]);
  const broken = await play('/broken');
  await untilText(broken, '.message-card', /damaged/);
  expect(await violations(broken), 'a broken link').toEqual([]);
  const popup = await openScreen(launched, 'popup', scheme);
  await popup.locator('summary::-p-text(Peers and servers)').click();
  await untilText(popup, '.peers', /answers at/);
  await popup.locator('.open-film input').fill('nothing');
  await popup.locator('.open-film button').click();
  await popup.waitForSelector('.open-film .field-error:not(:empty)');
  expect(await violations(popup), 'popup').toEqual([]);
});

/** 1280 × 1024 at 400 %, as WCAG 1.4.10 has it, and 1280 × 800 at 200 % (1.4.4). */
test.each([
  ['400 %', 320, 256],
  ['200 %', 640, 400],
])('at %s every page and the player are read without scrolling sideways, and nothing is cut off', async (_zoom, width, height) => {
  const { launched, page, frame } = await openFilm('collection');
  await untilText(frame, '.file-name', /part/);
  for (const name of ['welcome', 'options', 'popup', 'share']) {
    const screen = await openScreen(launched, name, 'light');
    await screen.setViewport({ width, height });
    expect(await cutOff(screen), name).toEqual([]);
    await screen.close();
  }
  await shrink(page, frame, width, height);
  expect(await cutOff(frame), 'choosing a file').toEqual([]);
  await frame.locator('.file-name').click();
  await untilPlaying(frame);
  await expectPanelsWhole(frame);
});

test('in the smallest overlay there can be nothing of the player is cut off', async () => {
  const { page, frame } = await openFilm('collection');
  await untilText(frame, '.file-name', /part/);
  await frame.locator('.file-name').click();
  await untilPlaying(frame);
  for (const width of [284, 216]) {
    await shrink(page, frame, width, 400);
    expect(await cutOff(frame), `${width} px`).toEqual([]);
    await expectPanelsWhole(frame);
    await page.keyboard.press('Escape');
    await frame.waitForSelector('.key-help', { hidden: true });
  }
});

async function shrink(page: Page, frame: Frame, width: number, height: number): Promise<void> {
  await page.bringToFront();
  await page.setViewport({ width, height });
  await frame.waitForFunction((most) => innerWidth <= most, {}, width);
}

async function expectPanelsWhole(frame: Frame): Promise<void> {
  for (const panel of ['Engine', 'Files', 'Subtitles', 'Start-up times', 'Keys']) {
    await frame.locator(`footer button[aria-label^="${panel}"]`).click();
    expect(await cutOff(frame), panel).toEqual([]);
    if (panel !== 'Keys') await frame.locator(`footer button[aria-label^="${panel}"]`).click();
  }
}

/** Words and controls that lie beyond the window's sides, where only scrolling sideways would lead; what scrolls by itself is looked into. */
function cutOff(screen: Page | Frame): Promise<string[]> {
  return screen.evaluate(() =>
    [...document.querySelectorAll('h1, h2, h3, p, li, label, button, input, select, summary, a, output, legend')]
      .filter(
        (element) =>
          element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
          element.closest('.visually-hidden, .seek-bar') === null,
      )
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 1 && (left < -1 || right > innerWidth + 1);
      })
      .map((element) => `${element.tagName} ${element.className} ${element.ariaLabel ?? ''} ${(element.textContent ?? '').slice(0, 40)}`),
  );
}

test.each(['light', 'dark'] as const)('the sharing page with a file chosen, and its formats, in %s', async (scheme) => {
  const launched = await openBrowser([]);
  onTestFinished(() => launched.close());
  const page = await openScreen(launched, 'share', scheme);
  await chooseToShare(page, '#files', filmPath('film.webm'));
  await chooseFormat(page, 'v2');
  expect(await violations(page)).toEqual([]);
});

test.each(['light', 'dark'] as const)('the player of sound, of a picture, and of what no browser plays, in %s', async (scheme) => {
  const folder = await mkdtemp(join(tmpdir(), 'lodestream-kinds-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { page, frame } = await openFiles(await writeSoundAndPicture(folder));
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await untilText(frame, '.audio-view', /tone\.wav/);
  expect(await violations(frame), 'sound').toEqual([]);
  await frame.locator('button[aria-label="Files"]').click();
  await frame.locator('.file ::-p-text(picture.png)').click();
  await untilText(frame, '.state-line', /^Picture/);
  expect(await violations(frame), 'a picture').toEqual([]);
  await writeFile(join(folder, 'film.avi'), Buffer.concat([Buffer.from('RIFF\0\0\0\0AVI LIST'), Buffer.alloc(50_000, 'no film')]));
  const unplayable = await openFiles(join(folder, 'film.avi'));
  await unplayable.frame.waitForSelector('[data-message="unplayable"]');
  expect(await violations(unplayable.frame), 'unplayable').toEqual([]);
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
