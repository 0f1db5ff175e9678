import type { Page } from 'puppeteer';
import { expect, onTestFinished, test } from 'vitest';
import { startScript } from '@/tests/support/child-process';
import { filmPath } from '@/tests/support/films';
import type { LaunchedBrowser, LaunchOptions } from '@/tests/support/launch-browser';
import { openNetworkNamespace } from '@/tests/support/network-namespace';
import { clickLink, linkPage, openBrowser, startSeeder, untilPlaying, untilText } from '@/tests/support/stage';

/** Answered by the debugger: a machine without a network opens it, too. */
const PAGE = 'http://127.0.0.1:9/';

/** Of the connections of an engine: those that restarted ICE, and how the path of each is now. */
async function watchConnections({ browser }: LaunchedBrowser): Promise<Page> {
  const target = await browser.waitForTarget((opened) => opened.url().endsWith('/offscreen.html'));
  const page = await target.asPage();
  await page.evaluate(() => {
    const restarted = new Set<RTCPeerConnection>();
    Object.assign(globalThis, { restarted });
    RTCPeerConnection.prototype.createOffer = new Proxy<typeof RTCPeerConnection.prototype.createOffer>(
      Reflect.get(RTCPeerConnection.prototype, 'createOffer'),
      {
        apply(createOffer, connection: RTCPeerConnection, args: [RTCOfferOptions?]) {
          if (args[0]?.iceRestart === true) restarted.add(connection);
          return Reflect.apply(createOffer, connection, args);
        },
      },
    );
  });
  return page;
}

function restartedPaths(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...(globalThis as unknown as { restarted: Set<RTCPeerConnection> }).restarted].map(({ iceConnectionState }) => iceConnectionState),
  );
}

async function watchFilm(magnet: string, signalingUrl: string, options: LaunchOptions, settings: Readonly<Record<string, unknown>>) {
  const launched = await openBrowser([signalingUrl], options, { allowLocalPeers: true, defaultMode: 'webrtc', ...settings });
  onTestFinished(() => launched.close());
  const page = await launched.browser.newPage();
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    if (request.url() === PAGE) void request.respond({ contentType: 'text/html', body: linkPage(magnet) });
    else void request.continue();
  });
  await page.goto(PAGE);
  return { launched, frame: await clickLink(page, launched.extensionId) };
}

/** A viewer who has the whole film, and another on a machine of its own who gets it slowly from the first. */
async function twoViewers(number: number) {
  const machine = await openNetworkNamespace(number);
  onTestFinished(() => machine.close());
  const server = startScript('signaling-server/src/main.ts', [], { env: { HOST: machine.nearAddress, PORT: '0', LOG_LEVEL: 'warn' } });
  onTestFinished(() => server.stop());
  const [, url = ''] = await server.waitForLine(/listening on (http:\S+)/);
  const seeder = await startSeeder(filmPath('faststart.mp4'), url, ['--allow-local-peers']);
  const first = await watchFilm(seeder.magnet, url, {}, {});
  await untilText(first.frame, 'main', /all of it verified/);
  await seeder.child.stop();
  const settings = { downloadBytesPerSecond: 50_000 };
  const second = await watchFilm(seeder.magnet, url, { executablePath: machine.executablePath }, settings);
  await untilPlaying(second.frame);
  return { machine, second, connections: await watchConnections(second.launched) };
}

test('R2: a machine that comes back with another address keeps its link, and the film goes on', async () => {
  const { machine, second, connections } = await twoViewers(1);
  await machine.unplug();
  await machine.plug(3);
  await expect.poll(() => restartedPaths(connections), { timeout: 60_000, interval: 200 }).toEqual(['connected']);
  await untilText(second.frame, 'main', /all of it verified/);
  expect(await restartedPaths(connections)).toEqual(['connected']);
});

test('R5: a machine that was away for long dials its peer anew, and the film goes on', async () => {
  const { machine, second, connections } = await twoViewers(2);
  await machine.unplug();
  await expect.poll(() => restartedPaths(connections), { timeout: 60_000, interval: 200 }).toEqual(['closed']);
  await machine.plug(3);
  await untilText(second.frame, 'main', /all of it verified/);
  expect(await restartedPaths(connections)).toEqual(['closed']);
});
