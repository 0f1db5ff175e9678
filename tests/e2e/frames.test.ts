import { expect, onTestFinished, test } from 'vitest';
import { filmPath } from '@/tests/support/films';
import { linkPage, openBrowser, playerFrame, startSeeder, startSignaling, untilPlaying } from '@/tests/support/stage';
import { serveSite } from '@/tests/support/static-site';

test('a click in a frame of another site plays the film in the page around it, with sound', async () => {
  const signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
  const seeder = await startSeeder(filmPath('faststart.mp4'), signaling.url);
  onTestFinished(() => seeder.child.stop());
  const launched = await openBrowser([signaling.url]);
  onTestFinished(() => launched.close());
  const inner = await serveSite({ '/': linkPage(seeder.magnet) });
  onTestFinished(() => inner.close());
  const frameUrl = inner.origin.replace('127.0.0.1', 'localhost');
  const outer = await serveSite({
    '/': `<!doctype html><html lang="en"><title>Outer</title><iframe title="Films" src="${frameUrl}"></iframe></html>`,
  });
  onTestFinished(() => outer.close());

  const page = await launched.browser.newPage();
  await page.goto(outer.origin);
  await page.bringToFront();
  const frame = await page.waitForFrame(async (candidate) => (await candidate.$('#film')) !== null);
  await frame.focus('#film');
  await page.keyboard.press('Enter');
  const player = await playerFrame(page, launched.extensionId);
  expect(player.parentFrame()).toBe(page.mainFrame());
  await untilPlaying(player);
  expect(await player.$eval('video', ({ muted, volume }) => [muted, volume])).toEqual([false, 1]);
});
