import { TargetType } from 'puppeteer';
import { expect, test } from 'vitest';
import { openFilm } from '@/tests/support/open-film';
import { untilPlaying, untilText } from '@/tests/support/stage';

test('the popup draws the rates of a film, opens it from a pasted link in a tab, and says what is wrong with a link or file', async () => {
  const { launched, frame } = await openFilm('faststart.mp4');
  await untilPlaying(frame);
  const popup = await launched.browser.newPage();
  await popup.goto(`chrome-extension://${launched.extensionId}/popup.html`);
  const graph = await popup.waitForSelector('.rate-graph[data-samples]:not([data-samples="1"])');
  expect(await graph?.evaluate((element) => element.querySelector('p')?.textContent)).toMatch(/^Download [\d.,]+ .+, upload .+ lately$/);
  expect(await popup.$eval('.rate-download', (line) => line.getAttribute('points'))).toMatch(/^[\d., ]+ 300\.0,[\d.]+$/);

  const field = '.open-film input';
  await popup.locator(field).fill('magnet:?dn=nothing');
  await popup.locator('.open-film button').click();
  expect(await untilText(popup, '.open-film .field-error:last-child', /\S/)).toContain('names no torrent');
  await popup.$eval('.open-film', (zone) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['no torrent'], 'film.torrent'));
    zone.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  });
  await popup.waitForSelector('.open-film ::-p-text(This is not a torrent file)');
  const hash = (await popup.$eval('[data-session-id]', (card) => card.getAttribute('data-session-id'))) ?? '';
  await popup.locator(field).fill(`magnet:?xt=urn:btih:${hash}`);
  const opened = launched.browser.waitForTarget((target) => target.url().includes('/player.html#') && target.type() === TargetType.PAGE);
  await popup.locator('.open-film button').click();
  const tab = await (await opened).asPage();
  await tab.bringToFront();
  expect((await untilPlaying(tab.mainFrame())).frames).toBeGreaterThan(0);
});
