import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Frame } from 'puppeteer';
import { expect, onTestFinished, test } from 'vitest';
import { filmPath } from '@/tests/support/films';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import {
  clickLink,
  openBrowser,
  serveLinkPage,
  startSeeder,
  startSignaling,
  untilPlaying,
  untilText,
  type Seeder,
} from '@/tests/support/stage';

/** Torrents of BitTorrent v2 and of both versions, from the click on their links to the picture. */

async function share(name: string, kind: '--v2' | '--hybrid'): Promise<{ seeder: Seeder; signalingUrl: string }> {
  const signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
  const seeder = await startSeeder(filmPath(name), signaling.url, [kind]);
  onTestFinished(() => seeder.child.stop());
  return { seeder, signalingUrl: signaling.url };
}

async function openViewer(signalingUrl: string): Promise<LaunchedBrowser> {
  const launched = await openBrowser([signalingUrl]);
  onTestFinished(() => launched.close());
  return launched;
}

async function watch(launched: LaunchedBrowser, magnet: string): Promise<Frame> {
  const site = await serveLinkPage(magnet);
  onTestFinished(() => site.close());
  const page = await launched.browser.newPage();
  await page.goto(site.origin);
  return clickLink(page, launched.extensionId);
}

function streamedSha256(frame: Frame): Promise<string> {
  return frame.evaluate(async () => {
    const url = document.querySelector('video')?.getAttribute('src') ?? '';
    const bytes = await (await fetch(url)).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  });
}

async function sha256Of(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

test('a btmh link plays: a film of BitTorrent v2 alone, and plays again in another tab once its seeder is gone', async () => {
  const { seeder, signalingUrl } = await share('film.webm', '--v2');
  expect(seeder.magnet).toMatch(/^magnet:\?xt=urn:btmh:1220[0-9a-f]{64}&dn=/);
  const launched = await openViewer(signalingUrl);
  const frame = await watch(launched, seeder.magnet);
  await untilPlaying(frame);
  await untilText(frame, 'main', /all of it verified/);
  expect(await streamedSha256(frame)).toBe(await sha256Of(filmPath('film.webm')));
  await seeder.child.stop();
  const again = await watch(launched, seeder.magnet);
  await untilPlaying(again);
});

test('S5: the seeder stops, and a btmh viewer gets a hybrid film from one who came by btih', async () => {
  const { seeder, signalingUrl } = await share('film.webm', '--hybrid');
  const [btih = '', btmh = ''] = [/xt=urn:btih:[0-9a-f]{40}/, /xt=urn:btmh:1220[0-9a-f]{64}/].map(
    (topic) => topic.exec(seeder.magnet)?.[0] ?? '',
  );
  expect(btih !== '' && btmh !== '').toBe(true);
  const first = await watch(await openViewer(signalingUrl), `magnet:?${btih}`);
  await untilPlaying(first);
  await untilText(first, 'main', /all of it verified/);
  await seeder.child.stop();
  const second = await watch(await openViewer(signalingUrl), `magnet:?${btmh}`);
  await untilPlaying(second);
  await untilText(second, 'main', /all of it verified/);
  expect(await streamedSha256(second)).toBe(await sha256Of(filmPath('film.webm')));
});
