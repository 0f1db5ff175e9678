import type { Frame, Page } from 'puppeteer';
import { expect, onTestFinished, test } from 'vitest';
import { launchBrowser } from '@/tests/support/launch-browser';
import { openFilm, serveFilm } from '@/tests/support/open-film';
import { OverlayProbe } from '@/tests/support/overlay-probe';
import { playerFrame, storeSettings, untilPlaying, untilText } from '@/tests/support/stage';

test('the overlay is a mini player by i, fills the window by t, and comes back, from the film and from its own buttons', async () => {
  const { launched, page, frame } = await openFilm('faststart.mp4');
  await untilPlaying(frame);
  const probe = await OverlayProbe.attach(page, launched.extensionId);
  const { width } = await probe.boxOf('section');
  await frame.focus('button[aria-label="Files"]');
  await page.keyboard.press('i');
  await probe.untilBox('box.width === 360');
  await page.keyboard.press('t');
  await probe.untilBox('box.width === innerWidth');
  await page.keyboard.press('t');
  await probe.untilBox(`box.width === ${width}`);
  await probe.focusIn('.move');
  await page.keyboard.press('i');
  await probe.untilBox('box.width === 360');
  await page.keyboard.press('I');
  await probe.untilBox(`box.width === ${width}`);
  expect(await probe.focused()).toBe('button.move');
});

test('the comparison of engines is scrolled by the keyboard as it opens', async () => {
  const { page, frame } = await openFilm('faststart.mp4');
  await untilPlaying(frame);
  await frame.locator('footer button[aria-label^="Engine"]').click();
  await frame.waitForFunction(() => document.activeElement?.matches('.engines input') === true);
  await page.keyboard.press('PageDown');
  await frame.waitForFunction(() => (document.querySelector('.engines-body')?.scrollTop ?? 0) > 0);
  expect(await frame.$eval('.engines input:checked', (input) => input.value)).toBe('hybrid');
});

test('the film is led by the keyboard alone, and ? shows how; what is typed elsewhere is not taken', async () => {
  const { page, frame } = await openFilm('faststart.mp4');
  await untilPlaying(frame);
  await untilText(frame, 'main', /all of it verified/);
  await frame.focus('button[aria-label="Files"]');
  const film = <Value>(read: (video: HTMLVideoElement) => Value): Promise<Value> => frame.$eval('video', read);
  const { keyboard } = page;

  await keyboard.press('k');
  await expect.poll(() => film((video) => video.paused)).toBe(true);
  await keyboard.press('5');
  await expect.poll(() => film((video) => Math.abs(video.currentTime - video.duration / 2) < 0.1)).toBe(true);
  await keyboard.press('Home');
  await expect.poll(() => film((video) => video.currentTime)).toBe(0);
  await keyboard.press('.');
  await expect.poll(() => film((video) => video.currentTime)).toBeCloseTo(1 / 24, 2);
  await keyboard.press('>');
  await untilText(frame, '.key-hint', /Speed 1\.25 ×/);
  expect(await film((video) => video.playbackRate)).toBe(1.25);
  await keyboard.press('m');
  await untilText(frame, '.key-hint', /Sound off/);
  expect(await film((video) => video.muted)).toBe(true);
  await keyboard.press('ArrowDown');
  await untilText(frame, '.key-hint', /Volume 95%/);
  expect(await film((video) => video.muted)).toBe(false);

  await keyboard.type('?');
  expect(await untilText(frame, '.key-help', /Play or pause/)).toMatch(/Full screen/);
  // The list has the keys now.
  await keyboard.press('End');
  expect(await film((video) => video.currentTime)).toBeLessThan(1);
  await keyboard.press('Escape');
  await frame.waitForSelector('.key-help', { hidden: true });
  expect(await frame.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Files');
  expect(await frame.$('video')).not.toBeNull();
  await keyboard.press('k');
  await expect.poll(() => film((video) => video.paused)).toBe(false);
});

/** Tab until the focus is where it is wanted: nothing else leads there. */
async function tabTo(page: Page, screen: Page | Frame, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    if (await screen.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)) return;
  }
  throw new Error(`80 times Tab do not lead to ${selector}`);
}

test('from the agreement to the film that is stopped and deleted, the keyboard alone leads there, and what happens is said', async () => {
  const { signaling, site } = await serveFilm('faststart.mp4');
  const launched = await launchBrowser();
  onTestFinished(() => launched.close());
  await storeSettings(launched, { signalingServers: [{ url: signaling.url, enabled: true }], iceServers: [], trackers: [] });
  const target = await launched.browser.waitForTarget((opened) => opened.url().endsWith('/welcome.html'));
  const welcome = await target.asPage();
  await welcome.bringToFront();
  await tabTo(welcome, welcome, '#accept');
  await welcome.keyboard.press('Enter');
  await welcome.waitForSelector('[data-consent="given"]');

  const page = await launched.browser.newPage();
  await page.goto(site.origin);
  await tabTo(page, page, '#film');
  await page.keyboard.press('Enter');
  const frame = await playerFrame(page, launched.extensionId);
  await untilPlaying(frame);
  await frame.waitForFunction(() => document.hasFocus());
  await page.keyboard.press('k');
  // An output is a live region: assistive programs read it aloud when it changes.
  await untilText(frame, '.state-line output', /^Paused$/);
  await tabTo(page, frame, 'footer button[aria-label^="Engine"]');
  await page.keyboard.press('Enter');
  await frame.waitForFunction(() => document.activeElement?.matches('.engines input') === true);
  await page.keyboard.press('Escape');
  await frame.waitForFunction(() => document.activeElement?.matches('footer button[aria-label^="Engine"]') === true);
  page.keyboard.press('Escape').catch(() => undefined);
  await page.waitForFunction(() => document.activeElement?.id === 'film');

  const popup = await launched.browser.newPage();
  await popup.goto(`chrome-extension://${launched.extensionId}/popup.html`);
  await popup.waitForSelector('[data-session-id]');
  await tabTo(popup, popup, '.session-rows > :last-child > .button:last-child');
  await popup.keyboard.press('Enter');
  await popup.waitForSelector('.confirm[role="alert"] button:focus');
  await popup.keyboard.down('Shift');
  await popup.keyboard.press('Tab');
  await popup.keyboard.up('Shift');
  await popup.keyboard.press('Enter');
  await popup.waitForSelector('[data-session-id]', { hidden: true });
});

test('keys of one character are switched off at once in the settings, which list those that are left', async () => {
  const { launched, page, frame } = await openFilm('faststart.mp4');
  await untilPlaying(frame);
  await untilText(frame, 'main', /all of it verified/);
  const options = await launched.browser.newPage();
  await options.goto(`chrome-extension://${launched.extensionId}/options.html`);
  await options.locator('#player-keys summary').click();
  expect(await untilText(options, '#player-keys', /Full screen/)).toMatch(/k, Space/);
  await options.locator('#single-keys').click();
  await untilText(options, '.saved', /Saved/);
  expect(await untilText(options, '#player-keys', /^(?!.*Full screen)/)).toContain('SpacePlay or pause');

  await page.bringToFront();
  await frame.focus('button[aria-label="Files"]');
  const look = () =>
    frame.$eval('video', (video) => ({
      paused: video.paused,
      muted: video.muted,
      currentTime: video.currentTime,
      speed: video.playbackRate,
    }));
  await frame.$eval('video', (video) => video.pause());
  const before = await look();
  for (const key of ['k', 'm', '?', '0', '>'] as const) await page.keyboard.press(key);
  // It is heard after them.
  await page.keyboard.press('ArrowDown');
  await untilText(frame, '.key-hint', /Volume 95%/);
  expect(await look()).toEqual(before);
  expect(await frame.$('.key-help')).toBeNull();
  await frame.locator('footer button[aria-label="Keys"]').click();
  expect(await untilText(frame, '.key-list', /Louder/)).not.toContain('Full screen');

  // Nor do the overlay's own buttons have them; what else they hear, they hear in turn.
  const probe = await OverlayProbe.attach(page, launched.extensionId);
  const shell = await probe.boxOf('section');
  await probe.focusIn('.move');
  for (const key of ['i', 't', 'ArrowLeft'] as const) await page.keyboard.press(key);
  expect(await probe.boxOf('section')).toMatchObject({ left: shell.left - 16, width: shell.width });
  expect([await probe.titleOf('.mini'), await probe.titleOf('.fill')]).toEqual(['Mini player', 'Fill the window']);
  await options.bringToFront();
  await options.locator('#single-keys').click();
  await page.bringToFront();
  await probe.untilTitle('.mini', 'Mini player (i)');
  await probe.focusIn('.move');
  await page.keyboard.press('i');
  expect(await probe.boxOf('section')).toMatchObject({ width: 360 });
});
