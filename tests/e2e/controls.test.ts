import type { Frame, Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { openFilm } from '@/tests/support/open-film';
import { clickLink, untilPlaying, untilText } from '@/tests/support/stage';

function film<Value>(frame: Frame, read: (video: HTMLVideoElement) => Value): Promise<Value> {
  return frame.$eval('video', read);
}

/** Where a share of the seek bar is on the page. */
async function pointOfSeekBar(frame: Frame, share: number): Promise<[x: number, y: number]> {
  const bar = await frame.waitForSelector('.seek-bar');
  const box = await bar?.boundingBox();
  if (box === null || box === undefined) throw new Error('the seek bar is on the page');
  return [box.x + box.width * share, box.y + box.height / 2];
}

async function pressFilm(page: Page, frame: Frame): Promise<void> {
  const video = await frame.waitForSelector('video');
  await video?.click();
  await page.mouse.move(1, 1);
}

test('a pointer leads the film: the controls come with it and go, show what is there, and seek where they are pressed', async () => {
  const { page, frame } = await openFilm('faststart.mp4');
  await untilPlaying(frame);
  await untilText(frame, 'main', /all of it verified/);
  await page.mouse.move(1, 1);
  await frame.waitForSelector('[data-controls="hidden"]');
  const durationS = await film(frame, (video) => video.duration);
  // In the middle of a second, so that a pixel more or less reads the same.
  const halfwayS = Math.floor(durationS / 2) + 0.5;
  const halfway = `0:${String(Math.floor(halfwayS)).padStart(2, '0')}`;
  const [x, y] = await pointOfSeekBar(frame, halfwayS / durationS);
  await page.mouse.move(x, y);
  await frame.waitForSelector('[data-controls="shown"]');
  expect(await untilText(frame, '.seek-time', /^0:\d\d$/)).toBe(halfway);
  expect(await frame.$$eval('.seek-verified', (runs) => runs.map((run) => run.getAttribute('style')))).toEqual([
    'inset-inline-start: 0%; inline-size: 100%;',
  ]);

  await pressFilm(page, frame);
  await expect.poll(() => film(frame, (video) => video.paused)).toBe(true);
  await page.mouse.click(x, y);
  await expect.poll(() => film(frame, (video) => video.currentTime)).toBeCloseTo(halfwayS, 0);
  await untilText(frame, '.position', new RegExp(`^${halfway}`));
  await frame.locator('.controls button[aria-label="Play (k)"]').click();
  await expect.poll(() => film(frame, (video) => video.paused)).toBe(false);

  await frame.select('.speed', '1.5');
  expect(await film(frame, (video) => video.playbackRate)).toBe(1.5);
  await frame.locator('.controls button[aria-label="Full screen (f)"]').click();
  await frame.waitForSelector('.controls button[aria-label="Leave full screen (f)"]');
  expect(await frame.evaluate(() => document.fullscreenElement?.className)).toBe('stage');
  await frame.locator('.controls button[aria-label="Leave full screen (f)"]').click();
  await frame.waitForSelector('.controls button[aria-label="Full screen (f)"]');
});

test('the film goes on in a window of its own, and comes back, by its button and by its key', async () => {
  const { page, frame } = await openFilm('faststart.mp4');
  await untilPlaying(frame);
  await frame.locator('.controls button[aria-label="Picture in picture (o)"]').click();
  await frame.waitForFunction(() => document.pictureInPictureElement?.localName === 'video');
  await untilPlaying(frame);
  await page.keyboard.press('o');
  await frame.waitForFunction(() => document.pictureInPictureElement === null);
});

test('by keyboard the seek bar says where the film is and goes on as the keys do; how loud it was is kept for the next film', async () => {
  const { launched, page, frame } = await openFilm('faststart.mp4');
  await untilPlaying(frame);
  await untilText(frame, 'main', /all of it verified/);
  await frame.focus('.seek-input');
  await page.keyboard.press('k');
  await expect.poll(() => film(frame, (video) => video.paused)).toBe(true);
  await page.keyboard.press('Home');
  await expect.poll(() => frame.$eval('.seek-input', (input) => input.getAttribute('aria-valuetext'))).toMatch(/^0:00 of 0:\d\d$/);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => frame.$eval('.seek-input', (input) => input.getAttribute('aria-valuetext'))).toMatch(/^0:05 of/);
  expect(await film(frame, (video) => video.currentTime)).toBeCloseTo(5, 1);

  await frame.focus('.volume');
  await page.keyboard.press('Home');
  await untilText(frame, '.controls', /0:05/);
  // Sound that is on again is heard.
  await frame.locator('.controls button[aria-label="Sound on (m)"]').click();
  await untilText(frame, '.key-hint', /Sound on/);
  expect(await film(frame, (video) => [video.muted, video.volume])).toEqual([false, 1]);
  await frame.waitForSelector('.controls button[aria-label="Sound off (m)"]');
  await frame.focus('.volume');
  await page.keyboard.press('Home');
  await frame.waitForSelector('.controls button[aria-label="Sound on (m)"]');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => film(frame, (video) => [video.muted, video.volume])).toEqual([false, 0.05]);
  const stored = await launched.browser.newPage();
  await stored.goto(`chrome-extension://${launched.extensionId}/options.html`);
  await stored.waitForFunction(async () => {
    const { playback } = await chrome.storage.local.get<{ playback?: { volume?: number } }>('playback');
    return playback?.volume === 0.05;
  });
  await stored.close();
  await page.reload();
  const next = await clickLink(page, launched.extensionId);
  await untilPlaying(next, 0.2);
  await expect.poll(() => film(next, (video) => video.volume)).toBe(0.05);
});
