import { readFile } from 'node:fs/promises';
import type { Frame } from 'puppeteer';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { startScript, type Child } from '@/tests/support/child-process';
import { clickAt, cover, REFUSED, uncover } from '@/tests/support/cover';
import { grantHost, restrictHosts } from '@/tests/support/extensions-page';
import { sha256Of, streamedSha256 } from '@/tests/support/film-hash';
import { filmPath } from '@/tests/support/films';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import { openBrowser, startSeeder, startSignaling, untilPlaying, untilText, type Signaling } from '@/tests/support/stage';
import { sendRange, sendWhole, startSeedServer, type SeedBehaviour, type SeedServer } from '@/tests/support/web-seed-server';
import { bytesBySource, watch } from '@/tests/support/webtorrent-stage';

/** Films on real HTTP servers, named by magnet links, in the built extension. */

const FILM = filmPath('film.webm');

let signaling: Signaling;

beforeEach(async () => {
  signaling = await startSignaling();
  onTestFinished(() => signaling.stop());
});

/** Lets pages of every site read what it sends. */
function open(behaviour: SeedBehaviour): SeedBehaviour {
  return (request, response, bytes) => {
    response.setHeader('access-control-allow-origin', '*');
    behaviour(request, response, bytes);
  };
}

async function startServer(behaviour: SeedBehaviour): Promise<SeedServer> {
  const server = await startSeedServer({ '/film.webm': await readFile(FILM) }, behaviour);
  onTestFinished(() => server.close());
  return server;
}

/** A name that is a public one as far as anybody can tell leads to it. */
function publicUrl(server: SeedServer): string {
  return `http://seed.example:${new URL(server.origin).port}/film.webm`;
}

/** A member of the swarm that knows what the film is and has nothing of it. */
async function startKnower(): Promise<{ readonly magnet: string; readonly child: Child }> {
  const child = startScript('tests/support/partial-seeder.ts', [FILM, '--signaling', signaling.url, '--pieces', 'none']);
  onTestFinished(() => child.stop());
  const [magnet] = await child.waitForLine(/^magnet:\S+$/);
  return { magnet, child };
}

async function openViewer(): Promise<LaunchedBrowser> {
  const launched = await openBrowser(
    [signaling.url],
    { args: ['--host-resolver-rules=MAP *.example 127.0.0.1'] },
    { defaultMode: 'hybrid', allowLocalPeers: true },
  );
  onTestFinished(() => launched.close());
  return launched;
}

function withWebSeeds(magnet: string, ...urls: readonly string[]): string {
  return [magnet, ...urls.map((url) => `ws=${encodeURIComponent(url)}`)].join('&');
}

async function expectWholeFilm(frame: Frame): Promise<void> {
  await untilPlaying(frame);
  expect(await streamedSha256(frame)).toBe(await sha256Of(FILM));
}

test.each([
  ['answers ranges', sendRange, /^bytes=/],
  ['sends whole files only', sendWhole, /^bytes=/],
] as const)('a film plays from a web seed that %s and lets every site read', async (_what, behaviour, range) => {
  const server = await startServer(open(behaviour));
  const { magnet } = await startKnower();
  const launched = await openViewer();
  const frame = await watch(withWebSeeds(magnet, publicUrl(server)), launched);
  await expectWholeFilm(frame);
  expect(Object.keys(await bytesBySource(launched))).toEqual(['web-seed']);
  expect(server.requests[0]).toMatchObject({ path: '/film.webm', range: expect.stringMatching(range) });
});

test('a web seed that lets no other site read is named with its button, and sends once the viewer grants its host', async () => {
  const server = await startServer(sendRange);
  const { magnet, child } = await startKnower();
  const launched = await openViewer();
  await restrictHosts(launched);
  // The page with the link: elsewhere the extension does nothing any more.
  await grantHost(launched, 'http://127.0.0.1/*');
  const asked = server.nextRequest();
  const frame = await watch(withWebSeeds(magnet, publicUrl(server)), launched);
  await asked;
  await child.stop();
  await untilText(frame, '[data-message="no-peer"] .web-seed-permits', /Allow web seed seed\.example/);
  expect(await frame.$eval('video', (video) => video.currentTime)).toBe(0);
  await grantHost(launched, 'http://seed.example/*');
  await frame.page().bringToFront();
  await frame.waitForSelector('.web-seed-permits button[data-seen]');
  const requests = server.requests.length;
  // Nothing else is allowed under a cover, either (clickjacking.test.ts).
  await cover(frame.page(), 'inset: 0; width: auto; height: auto; background: white');
  await frame.waitForSelector('.web-seed-permits button:not([data-seen])');
  await clickAt(frame, '.web-seed-permits button');
  await untilText(frame, REFUSED, /Press again/);
  expect(server.requests.length).toBe(requests);
  await uncover(frame.page());
  await frame.locator('.web-seed-permits button[data-seen]').click();
  await expectWholeFilm(frame);
  expect(Object.keys(await bytesBySource(launched))).toEqual(['web-seed']);
});

test.each(['redirects into', 'names'] as const)(
  'a web seed that %s the viewer’s own machine is refused, and the film plays on',
  async (how) => {
    const inside = await startServer(open(sendRange));
    const outside = await startServer((_request, response) => {
      response.writeHead(302, { location: `${inside.origin}/film.webm`, 'access-control-allow-origin': '*' }).end();
    });
    const native = await startSeeder(FILM, signaling.url, ['--upload-limit', '150']);
    onTestFinished(() => native.child.stop());
    const launched = await openViewer();
    const named = how === 'names' ? `${inside.origin}/film.webm` : publicUrl(outside);
    const frame = await watch(withWebSeeds(native.magnet, named), launched);
    await expectWholeFilm(frame);
    expect(inside.requests).toEqual([]);
    expect(outside.requests.length > 0).toBe(how === 'redirects into');
    expect(Object.keys(await bytesBySource(launched))).toEqual(['native']);
  },
);
