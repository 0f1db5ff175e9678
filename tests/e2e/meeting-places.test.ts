import { expect, onTestFinished, test } from 'vitest';
import { startTracker } from '@/tests/bench/tracker';
import { startScript } from '@/tests/support/child-process';
import { sha256Of, streamedSha256 } from '@/tests/support/film-hash';
import { filmPath } from '@/tests/support/films';
import { startPeerServer } from '@/tests/support/peer-server';
import { clickLink, openBrowser, serveLinkPage, startSignaling, untilPlaying, untilText } from '@/tests/support/stage';

/** Each way of meeting by itself, in WebRTC mode: the second browser has the film from the first, which had it from a seeder. */

const FILM = filmPath('film.webm');

async function share(more: readonly string[]) {
  const seeder = startScript('scripts/seed.ts', [FILM, ...more]);
  onTestFinished(() => seeder.stop());
  const [magnet] = await seeder.waitForLine(/^magnet:\S+$/);
  await seeder.waitForLine(/^Signaling: .*connected/);
  const site = await serveLinkPage(magnet);
  onTestFinished(() => site.close());
  return { seeder, site };
}

async function watch(origin: string, signalingUrls: readonly string[], settings: Readonly<Record<string, unknown>> = {}) {
  const launched = await openBrowser(signalingUrls, {}, { defaultMode: 'webrtc', ...settings });
  onTestFinished(() => launched.close());
  const page = await launched.browser.newPage();
  await page.goto(origin);
  const frame = await clickLink(page, launched.extensionId);
  expect((await untilPlaying(frame)).frames).toBeGreaterThan(0);
  return frame;
}

test('through a plain tracker alone, without any signaling server (T1)', async () => {
  const tracker = await startTracker('127.0.0.1');
  onTestFinished(() => tracker.close());
  const url = `ws://127.0.0.1:${tracker.port}`;
  const { seeder, site } = await share(['--tracker', url]);
  const settings = { trackers: [{ url, enabled: true }], swarmThroughTrackers: true };
  const first = await watch(site.origin, [], settings);
  await untilText(first, 'main', /all of it verified/);
  await seeder.stop();
  const second = await watch(site.origin, [], settings);
  expect(await streamedSha256(second)).toBe(await sha256Of(FILM));
});

test('through a signaling server by plain WebSocket (G8)', async () => {
  const signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
  const url = `${signaling.url.replace('http', 'ws')}/ws`;
  const { seeder, site } = await share(['--signaling', url]);
  const first = await watch(site.origin, [url]);
  await untilText(first, 'main', /all of it verified/);
  await seeder.stop();
  const second = await watch(site.origin, [url]);
  expect(await streamedSha256(second)).toBe(await sha256Of(FILM));
});

test('through the tracker of a signaling server (T1)', async () => {
  const signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
  const url = `${signaling.url.replace('http', 'ws')}/announce`;
  const { seeder, site } = await share(['--tracker', url]);
  const settings = { trackers: [{ url, enabled: true }], swarmThroughTrackers: true };
  const first = await watch(site.origin, [], settings);
  await untilText(first, 'main', /all of it verified/);
  await seeder.stop();
  const second = await watch(site.origin, [], settings);
  expect(await streamedSha256(second)).toBe(await sha256Of(FILM));
});

test('through a PeerServer', async () => {
  const broker = await startPeerServer();
  onTestFinished(() => broker.close());
  const { seeder, site } = await share(['--signaling', broker.url]);
  const first = await watch(site.origin, [broker.url]);
  await untilText(first, 'main', /all of it verified/);
  await seeder.stop();
  const second = await watch(site.origin, [broker.url]);
  expect(await streamedSha256(second)).toBe(await sha256Of(FILM));
});
