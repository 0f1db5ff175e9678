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
  await untilPlaying(frame);
  return frame;
}

interface MeetingPlace {
  /** Options of the seeder. */
  readonly seederOptions: readonly string[];
  readonly signalingUrls: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

function throughTracker(url: string): MeetingPlace {
  return {
    seederOptions: ['--tracker', url],
    signalingUrls: [],
    settings: { trackers: [{ url, enabled: true }], swarmThroughTrackers: true },
  };
}

function throughSignaling(url: string): MeetingPlace {
  return { seederOptions: ['--signaling', url], signalingUrls: [url] };
}

/** The address of a signaling server's other transports. */
async function signalingAddress(path: string): Promise<string> {
  const signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
  return `${signaling.url.replace('http', 'ws')}${path}`;
}

test.each<[string, () => Promise<MeetingPlace>]>([
  [
    'a plain tracker alone, without any signaling server (T1)',
    async () => {
      const tracker = await startTracker('127.0.0.1');
      onTestFinished(() => tracker.close());
      return throughTracker(`ws://127.0.0.1:${tracker.port}`);
    },
  ],
  ['the tracker of a signaling server (T1)', async () => throughTracker(await signalingAddress('/announce'))],
  ['a signaling server by plain WebSocket (G8)', async () => throughSignaling(await signalingAddress('/ws'))],
  [
    'a PeerServer (G10)',
    async () => {
      const broker = await startPeerServer();
      onTestFinished(() => broker.close());
      return throughSignaling(broker.url);
    },
  ],
])('through %s', async (_, openPlace) => {
  const { seederOptions, signalingUrls, settings } = await openPlace();
  const { seeder, site } = await share(seederOptions);
  const first = await watch(site.origin, signalingUrls, settings);
  await untilText(first, 'main', /all of it verified/);
  await seeder.stop();
  const second = await watch(site.origin, signalingUrls, settings);
  expect(await streamedSha256(second)).toBe(await sha256Of(FILM));
});
