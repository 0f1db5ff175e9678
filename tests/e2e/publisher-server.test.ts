import { expect, onTestFinished, test } from 'vitest';
import type { Page } from 'puppeteer';
import { filmPath } from '@/tests/support/films';
import {
  clickLink,
  openBrowser,
  serveLinkPage,
  startSeeder,
  startSignaling,
  untilPlaying,
  untilText,
  type Signaling,
} from '@/tests/support/stage';

/** A page whose magnet link names its publisher's signaling server (`x.ls`), and a viewer who has no server at all. */

async function publish(film: string, signaling: Signaling): Promise<string> {
  const { magnet, child } = await startSeeder(filmPath(film), signaling.url, ['--name-signaling']);
  onTestFinished(() => child.stop());
  const site = await serveLinkPage(magnet);
  onTestFinished(() => site.close());
  return site.origin;
}

/** Open ones: each seeder has one. */
async function connections({ url }: Signaling): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return [...metrics.matchAll(/^lodestream_connections\{[^}]*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}

const NOTE = '[data-message="publisher-server"]';

test('the viewer is asked once for each host; before that, and after a refusal, nobody there hears of them', async () => {
  const signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
  const [first, second] = [await publish('film.webm', signaling), await publish('faststart.mp4', signaling)];
  const launched = await openBrowser([], {}, { defaultMode: 'webrtc' });
  onTestFinished(() => launched.close());
  const { host } = new URL(signaling.url);
  const before = await connections(signaling);
  const open = async (origin: string): Promise<Page> => {
    const page = await launched.browser.newPage();
    await page.goto(origin);
    return page;
  };

  const page = await open(first);
  const frame = await clickLink(page, launched.extensionId);
  const question = await untilText(frame, NOTE, /IP address/);
  expect(question).toContain(host);
  expect(question).toContain('It is on this device or its own network.');
  expect(await connections(signaling)).toBe(before);
  // Where the answer cannot be stored, the question stays, and nothing else comes of it.
  await frame.evaluate(() => (navigator.locks.request = () => Promise.reject(new Error('full'))));
  await frame.locator(`${NOTE} button[data-seen]::-p-text(Never)`).click();
  await untilText(frame, '.key-hint', /Your answer could not be stored/);
  expect(await frame.$('[data-view-state="rejected"]')).toBeNull();
  await frame.evaluate(() => Reflect.deleteProperty(navigator.locks, 'request'));
  await frame.locator(`${NOTE} button[data-seen]::-p-text(Never)`).click();
  await frame.waitForSelector(NOTE, { hidden: true });
  expect(await connections(signaling)).toBe(before);

  const options = await open(`chrome-extension://${launched.extensionId}/options.html`);
  await options.locator('#publisher-hosts [role="switch"]').click();
  await page.bringToFront();
  await untilPlaying(frame);
  expect(await connections(signaling)).toBe(before + 1);

  const other = await open(second);
  const playing = await clickLink(other, launched.extensionId);
  await untilPlaying(playing);
  expect(await playing.$(NOTE)).toBeNull();

  await options.bringToFront();
  await options.locator(`button[aria-label="Forget ${host}"]`).click();
  await options.waitForSelector('#publisher-hosts', { hidden: true });
  await other.bringToFront();
  await untilText(playing, NOTE, /IP address/);
  await playing.locator(`${NOTE} button[data-seen]::-p-text(Use it)`).click();
  await playing.waitForSelector(NOTE, { hidden: true });
  await options.bringToFront();
  expect(await options.$eval('#publisher-hosts [role="switch"]', (input) => (input as HTMLInputElement).checked)).toBe(true);
});
