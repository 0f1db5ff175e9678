import { expect, onTestFinished, test } from 'vitest';
import { describeTorrent } from '@/src/host/node-torrent';
import { BLOCK_UNIT_BYTES } from '@/src/protocol/peer-messages';
import { MIN_BYTES_PER_SECOND } from '@/src/protocol/engine-api';
import { filmPath } from '@/tests/support/films';
import { startHostilePeer, type HostileConnection } from '@/tests/support/hostile-peer';
import { openFilm } from '@/tests/support/open-film';
import { openBrowser, playerTab, storeSettings, untilPlaying, untilText } from '@/tests/support/stage';

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
  const tab = await playerTab(launched, () => popup.locator('.open-film button').click());
  await untilPlaying(tab.mainFrame());
});

test('a .torrent file that is dropped on the popup opens its film in a tab', async () => {
  const launched = await openBrowser([]);
  onTestFinished(() => launched.close());
  const popup = await launched.browser.newPage();
  await popup.goto(`chrome-extension://${launched.extensionId}/popup.html`);
  await popup.waitForSelector('.open-film');
  const tab = await playerTab(launched, () =>
    popup.$eval(
      'body',
      (zone, torrent) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([torrent], 'film.torrent'));
        zone.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      },
      `d4:infod6:lengthi5e4:name10:Cookie.mp412:piece lengthi16384e6:pieces20:${'x'.repeat(20)}ee`,
    ),
  );
  expect(await untilText(tab, 'body', /Cookie\.mp4/)).toContain('Cookie.mp4');
});

test('the toolbar counts the films that are open; the popup copies a film’s link and opens its player once more', async () => {
  const { launched, page, frame } = await openFilm('faststart.mp4');
  await untilPlaying(frame);
  const popup = await launched.browser.newPage();
  await popup.goto(`chrome-extension://${launched.extensionId}/popup.html`);
  const badge = (): Promise<string> => popup.evaluate(() => chrome.action.getBadgeText({}));
  await expect.poll(badge).toBe('1');
  // All of the film is here: what is left of it is ahead.
  expect(await untilText(popup, '[data-buffered-s]', /ahead$/)).toMatch(/^\d+:\d\d ahead$/);

  await popup.bringToFront();
  await popup.locator('.session button::-p-text(Copy magnet)').click();
  await popup.waitForSelector('.session ::-p-text(Copied)');
  const hash = (await popup.$eval('[data-session-id]', (card) => card.getAttribute('data-session-id'))) ?? '';
  await popup.focus('.open-film input');
  await popup.keyboard.press('v', { commands: ['Paste'] });
  expect(await popup.$eval('.open-film input', (input) => input.value)).toMatch(new RegExp(`^magnet:\\?xt=urn:btih:${hash}`));

  const tab = await playerTab(launched, () => popup.locator('.session button::-p-text(Open player)').click());
  await untilPlaying(tab.mainFrame(), 0.2);
  // The same film in two places.
  expect(await badge()).toBe('1');
  await tab.close();
  await page.close();
  await expect.poll(badge).toBe('');
});

/** More than are served at once at the lowest rate there is (SPEC section C). */
const ASKING_PEERS = 5;
/** Enough that none of them has them all before the popup was looked at. */
const FIRST_BLOCKS = Array.from({ length: 10 }, (_, piece) => ({ piece, offsetBytes: 0, lengthBytes: BLOCK_UNIT_BYTES }));

/** Members of the swarm who ask for a film's beginning and serve nobody. Resolves with the link of the first who is told to wait. */
async function askAtOnce(name: string, signalingUrl: string): Promise<HostileConnection> {
  const { info } = await describeTorrent(filmPath(name), () => undefined);
  return new Promise((resolve) => {
    for (let count = 0; count < ASKING_PEERS; count++) {
      const peer = startHostilePeer({
        signalingUrl,
        infoHash: info.infoHash,
        onLink(connection) {
          // They meet each other as well.
          let hasFilm = false;
          connection.hello(info.infoBytes.length);
          connection.listen({
            onControl({ type }) {
              hasFilm ||= type === 'have-all';
              if (type === 'choke' && hasFilm) resolve(connection);
              if (type !== 'hello') return;
              connection.send({ type: 'have-none' });
              connection.send({ type: 'choke' });
              connection.send({ type: 'request', ranges: FIRST_BLOCKS });
            },
          });
        },
      });
      onTestFinished(() => peer.stop());
    }
  });
}

test('the popup says who makes the viewer wait, and whom the viewer makes wait', async () => {
  const { launched, frame, signaling } = await openFilm('film.webm');
  await untilPlaying(frame, 0.2);
  await untilText(frame, 'main', /all of it verified/);
  await storeSettings(launched, { uploadBytesPerSecond: MIN_BYTES_PER_SECOND });
  const popup = await launched.browser.newPage();
  await popup.goto(`chrome-extension://${launched.extensionId}/popup.html`);
  await popup.locator('summary ::-p-text(Peers and servers)').click();
  const connection = await askAtOnce('film.webm', signaling.url);
  const row = `[data-peer-id="${connection.ownId}"]`;
  expect(await untilText(popup, row, /we make it wait/)).toMatch(/has 0\s?% .*makes us wait · we make it wait/);
  connection.send({ type: 'unchoke' });
  expect(await untilText(popup, row, /^(?!.*makes us wait)/)).toContain('WebRTC');
});
