import { expect, onTestFinished, test } from 'vitest';
import { startTracker } from '@/tests/bench/tracker';
import { clickAt, cover, REFUSED, uncover } from '@/tests/support/cover';
import { filmPath } from '@/tests/support/films';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import { openFilm, openLinkIn, openLinkPage } from '@/tests/support/open-film';
import { OverlayProbe } from '@/tests/support/overlay-probe';
import { clickLink, openBrowser, playerTab, startSeeder, startSignaling, untilPlaying, untilText } from '@/tests/support/stage';

/** Pages that would have the viewer press on what the viewer does not see: buttons that let others know of the viewer work in full view only. */

/** What a page can lay over the player: in the top layer, later than ours. Each lets clicks through. */
const COVERS: Readonly<Record<string, string>> = {
  'all of it': 'inset: 0; width: auto; height: auto; background: white',
  'some of it, elsewhere': 'inset: auto; left: 50%; top: 50%; width: 9px; height: 9px; background: white',
  'all of it with next to nothing': 'inset: 0; width: auto; height: auto; background: rgb(0 0 0 / .01)',
};

/** A film whose link names its server, in a browser that knows no server. */
async function publish(): Promise<{ readonly magnet: string; readonly launched: LaunchedBrowser }> {
  const signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
  const { magnet, child } = await startSeeder(filmPath('film.webm'), signaling.url, ['--name-signaling']);
  onTestFinished(() => child.stop());
  const launched = await openBrowser([], {}, { defaultMode: 'webrtc' });
  onTestFinished(() => launched.close());
  return { magnet, launched };
}

const ASKED = '[data-message="publisher-server"]';

test('a page that lies over the player gets no publisher’s server allowed; once it does not, one press plays the film', async () => {
  const { magnet, launched } = await publish();
  const { page, frame } = await openLinkIn(launched, magnet);
  for (const [what, style] of Object.entries(COVERS)) {
    await frame.waitForSelector(`${ASKED} button[data-seen]`);
    await cover(page, style);
    await frame.waitForSelector(`${ASKED} button:not([data-seen])`);
    await clickAt(frame, `${ASKED} button`);
    expect(await untilText(frame, REFUSED, /Press again/), what).toContain('play the film in a tab');
    expect(await frame.$(ASKED), what).not.toBeNull();
    await uncover(page);
    await frame.locator(`${REFUSED} button[aria-label="Dismiss"]`).click();
  }
  await frame.locator(`${ASKED} button[data-seen]::-p-text(Use it)`).click();
  await untilPlaying(frame);
});

test('a film that is covered plays in a tab, where its questions are answered', async () => {
  const { magnet, launched } = await publish();
  const page = await openLinkPage(launched.browser, magnet);
  const probe = await OverlayProbe.attach(page, launched.extensionId);
  const frame = await clickLink(page, launched.extensionId);
  await frame.waitForSelector(`${ASKED} button[data-seen]`);
  await cover(page, 'inset: auto; left: 0; top: 0; width: 9px; height: 9px; background: white');
  await frame.waitForSelector(`${ASKED} button:not([data-seen])`);
  await clickAt(frame, `${ASKED} button`);
  const tab = await playerTab(launched, () => frame.locator(`${REFUSED} button::-p-text(Play in a tab)`).click());
  await probe.untilClosed();
  await tab.waitForSelector(`${ASKED} button[data-seen]`);
  // By the keyboard alone.
  await tab.focus(`${ASKED} button`);
  await tab.keyboard.press('Enter');
  await untilPlaying(tab.mainFrame());
  expect(await tab.$(`${ASKED}, ${REFUSED}`)).toBeNull();
});

test('the engines of a film are not switched under a cover, by mouse or keyboard, and are once it is gone', async () => {
  const { page, frame } = await openFilm('faststart.mp4');
  await untilPlaying(frame, 0.2);
  await frame.locator('.bar button[aria-label^="Engine:"]').click();
  await frame.waitForSelector('.engines[data-seen]');
  await cover(page, 'inset: auto; left: 50%; top: 50%; width: 9px; height: 9px; background: white');
  await frame.waitForSelector('.engines:not([data-seen])');
  for (const press of [
    () => clickAt(frame, '[data-engine-mode="webrtc"] input'),
    async () => {
      await frame.focus('[data-engine-mode="hybrid"] input');
      await page.keyboard.press('ArrowDown');
    },
  ]) {
    await press();
    await frame.locator(`${REFUSED} button[aria-label="Dismiss"]`).click();
    expect(await frame.$eval('.engines input:checked', (input) => input.value)).toBe('hybrid');
  }
  await uncover(page);
  await frame.waitForSelector('.engines[data-seen]');
  await frame.focus('[data-engine-mode="hybrid"] input');
  await page.keyboard.press('ArrowDown');
  await frame.waitForSelector('[data-engine-mode="webrtc"][data-chosen]');
  expect(await frame.$(REFUSED)).toBeNull();
});

test('no tracker is asked that was added under a cover', async () => {
  const tracker = await startTracker('127.0.0.1');
  onTestFinished(() => tracker.close());
  let asked = 0;
  tracker.server.on('start', () => asked++);
  const launched = await openBrowser([], {}, { defaultMode: 'hybrid' });
  onTestFinished(() => launched.close());
  const { page, frame } = await openLinkIn(launched, 'magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a');
  await frame.locator('[data-message="no-server"] .add-server input').fill(`ws://127.0.0.1:${tracker.port}`);
  await frame.waitForSelector('.add-server button[data-seen]');
  await cover(page, 'inset: 0; width: auto; height: auto; background: white');
  await frame.waitForSelector('.add-server button:not([data-seen])');
  await clickAt(frame, '.add-server button');
  await untilText(frame, REFUSED, /Press again/);
  await frame.locator(`${REFUSED} button[aria-label="Dismiss"]`).click();
  await frame.focus('.add-server input');
  await page.keyboard.press('Enter');
  await untilText(frame, REFUSED, /Press again/);
  expect(await frame.$eval('.add-server input', (input) => input.value)).toContain('ws://');
  await uncover(page);
  await frame.waitForSelector('.add-server button[data-seen]');
  // By now it would have heard of what was pressed under the cover.
  expect(asked).toBe(0);
  await frame.focus('.add-server input');
  await page.keyboard.press('Enter');
  await expect.poll(() => asked).toBeGreaterThan(0);
});
