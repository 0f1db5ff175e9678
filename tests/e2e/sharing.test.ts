import { createHash } from 'node:crypto';
import { appendFile, copyFile, mkdtemp, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle, Page } from 'puppeteer';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { silentLogger } from '@/src/base/logger';
import type { TorrentKind } from '@/src/protocol/content-hasher';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import { createNodeEngine } from '@/src/host/node-engine';
import { describeTorrent } from '@/src/host/node-torrent';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { streamedSha256 } from '@/tests/support/film-hash';
import { filmPath } from '@/tests/support/films';
import { launchBrowser, type LaunchedBrowser } from '@/tests/support/launch-browser';
import { NATIVE_ONLY, openMember, type Member } from '@/tests/support/local-swarm';
import { chooseFormat, chooseToShare, openSharePage, shareChosen } from '@/tests/support/share-page';
import { agree, openBrowser, startSignaling, storeSettings, untilPlaying, untilText, type Signaling } from '@/tests/support/stage';
import { bytesBySource, watch } from '@/tests/support/webtorrent-stage';

const YESTERDAY = new Date(Date.now() - 86_400_000);

/** Files of the viewer's, shared from a page; who fetches them is an engine in Node. */

let signaling: Signaling;

beforeEach(async () => {
  signaling = await startSignaling();
});

afterEach(async () => {
  await signaling.stop();
});

async function open(settings: Readonly<Record<string, unknown>> = {}): Promise<LaunchedBrowser> {
  const launched = await openBrowser([signaling.url], {}, { ...settings });
  onTestFinished(() => launched.close());
  return launched;
}

async function ownPage({ browser, extensionId }: LaunchedBrowser, path: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`chrome-extension://${extensionId}/${path}`);
  return page;
}

async function folderOfOurs(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sharing-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function joinSwarm(magnet: string): Promise<Member> {
  const engine = createNodeEngine({ store: createMemoryChunkStore({}), logger: silentLogger });
  engine.applySettings({ consented: true, signalingUrls: [signaling.url], iceServers: [], ...NATIVE_ONLY, allowLocalPeers: false });
  const member = await openMember(engine, magnet);
  onTestFinished(() => member.close());
  return member;
}

async function fetchWhole(member: Member, fileIndex: number): Promise<string> {
  const { files } = await member.until((session) => session.files !== undefined);
  const lengthBytes = files?.[fileIndex]?.lengthBytes ?? 0;
  const stream = await member.engine.openStream({ sessionId: member.sessionId, fileIndex, startBytes: 0 }, new AbortController().signal);
  const hash = createHash('sha256');
  for (let at = 0; at < lengthBytes;) {
    const bytes = await stream.read(512 * 1024);
    hash.update(bytes);
    at += bytes.length;
  }
  return hash.digest('hex');
}

async function sha256(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

test('a file shared from the page is fetched whole by another peer, even after the page is closed, until it is stopped', async () => {
  const launched = await open({ trackers: [{ url: 'ws://127.0.0.1:9/announce', enabled: true }] });
  const page = await openSharePage(launched);
  await chooseToShare(page, '#files', filmPath('faststart.mp4'));
  const magnet = await shareChosen(page);
  const { info } = await describeTorrent(filmPath('faststart.mp4'), () => undefined);
  expect(magnet).toContain(`xt=urn:btih:${info.infoHash}`);
  expect(new URL(magnet).searchParams.get('tr')).toBe('ws://127.0.0.1:9/announce');
  expect(await untilText(page, '[data-share]', /Sending/)).toContain(`${info.pieceCount} pieces`);
  await page.close();

  const member = await joinSwarm(magnet);
  expect(await fetchWhole(member, 0)).toBe(await sha256(filmPath('faststart.mp4')));
  const again = await openSharePage(launched);
  expect(await untilText(again, '[data-share]', /1 peer connected\. .*1\.8 MB so far/)).toContain(magnet);
  const popup = await ownPage(launched, 'popup.html');
  expect(await untilText(popup, '[data-session-id]', /Your files/)).not.toContain('Delete');
  expect(await untilText(popup, 'footer', /\b0\s/)).toContain('stored');
  await again.bringToFront();
  await again.locator('button ::-p-text(Stop sharing)').click();
  await again.waitForSelector('[data-share]', { hidden: true });
  await member.until(({ peers }) => peers.length === 0);
  await popup.bringToFront();
  await popup.waitForSelector('[data-session-id]', { hidden: true });
});

test('a folder that is still looked through when a file is chosen instead, and shared, is forgotten', async () => {
  const page = await openSharePage(await open());
  await page.waitForSelector('[data-chooser="empty"]');
  const finishWalk = await page.evaluateHandle(() => {
    const walk = Promise.withResolvers<unknown[]>();
    const createReader = () => ({ readEntries: (resolve: (entries: unknown[]) => void) => void walk.promise.then(resolve) });
    const folder = { name: 'Huge', isFile: false, isDirectory: true, createReader };
    const drop = new Event('drop', { cancelable: true });
    dispatchEvent(Object.assign(drop, { dataTransfer: { items: [{ webkitGetAsEntry: () => folder }] } }));
    return () => walk.resolve([]);
  });
  await page.waitForSelector('[data-chooser="looking"]');
  await chooseToShare(page, '#files', filmPath('faststart.mp4'));
  await finishWalk.evaluate((finish) => finish());
  // The walk's answer, an empty folder, would be a complaint, and take the choice away.
  await shareChosen(page);
  expect(await page.$('.complaint')).toBe(null);
});

test.each<[TorrentKind, (info: TorrentInfo) => string]>([
  ['hybrid', ({ infoHashV1, infoHashV2 }) => `magnet:?xt=urn:btih:${infoHashV1}&xt=urn:btmh:1220${infoHashV2}&`],
  ['v2', ({ infoHashV2 }) => `magnet:?xt=urn:btmh:1220${infoHashV2}&`],
])('a film shared in the format %s from the page is played by another viewer, natively', async (format, topicsOf) => {
  const page = await openSharePage(await open());
  await chooseToShare(page, '#files', filmPath('film.webm'));
  await chooseFormat(page, format);
  const magnet = await shareChosen(page);
  const { info } = await describeTorrent(filmPath('film.webm'), () => undefined, format);
  expect(magnet.startsWith(topicsOf(info))).toBe(true);
  await page.close();

  const viewer = await open();
  const frame = await watch(magnet, viewer);
  await untilPlaying(frame);
  await untilText(frame, 'main', /all of it verified/);
  expect(await streamedSha256(frame)).toBe(await sha256(filmPath('film.webm')));
  const bytes = await bytesBySource(viewer);
  expect([bytes['native'] ?? 0, bytes['webtorrent'] ?? 0]).toEqual([info.totalBytes, 0]);
});

test('a folder is chosen or dropped whole, as the torrent the seeder makes of it', async () => {
  const launched = await open();
  const page = await openSharePage(launched);
  const folder = filmPath('collection');
  const { info } = await describeTorrent(folder, () => undefined);
  await chooseToShare(page, '#folder', folder);
  expect(await untilText(page, '[data-chooser="chosen"]', /4 files/)).toContain('collection');
  await page.locator('button ::-p-text(Choose others)').click();
  await page.waitForSelector('[data-chooser="empty"]');

  const session = await page.createCDPSession();
  const at = { x: 300, y: 300, data: { items: [], files: [folder], dragOperationsMask: 1 } };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await session.send('Input.dispatchDragEvent', { type, ...at });
  await page.waitForSelector('[data-chooser="chosen"]');
  const magnet = await shareChosen(page);
  expect(magnet).toContain(info.infoHash);
  const member = await joinSwarm(magnet);
  for (const { index, path } of info.files) expect(await fetchWhole(member, index)).toBe(await sha256(join(folder, ...path)));
});

test('before the viewer agrees nothing can be chosen; what was shared is not shared again when consent is given anew', async () => {
  const launched = await launchBrowser();
  onTestFinished(() => launched.close());
  await storeSettings(launched, { signalingServers: [{ url: signaling.url, enabled: true }], iceServers: [], trackers: [] });
  const page = await openSharePage(launched);
  expect(await untilText(page, '[data-message="awaiting-consent"]', /Agree first/)).toContain('Read and decide');
  expect(await page.$('input')).toBeNull();
  expect(launched.browser.targets().map((target) => target.url())).not.toContain(
    `chrome-extension://${launched.extensionId}/offscreen.html`,
  );
  await agree(launched);
  await page.bringToFront();
  await chooseToShare(page, '#files', filmPath('film.webm'));
  const magnet = await shareChosen(page);
  const member = await joinSwarm(magnet);
  await member.until(({ peers }) => peers.some(({ state }) => state === 'connected'));

  const popup = await ownPage(launched, 'popup.html');
  await popup.waitForSelector('[data-session-id]');
  await storeSettings(launched, { consentedAtMs: null });
  await member.until(({ peers }) => peers.length === 0);
  await popup.bringToFront();
  await popup.waitForSelector('[data-message="awaiting-consent"]');
  await page.bringToFront();
  await page.waitForSelector('[data-message="awaiting-consent"]');
  await storeSettings(launched, { consentedAtMs: 1 });
  await popup.bringToFront();
  await popup.waitForSelector('[data-message="no-sessions"]');
  await page.bringToFront();
  await page.waitForSelector('[data-chooser="empty"]');
  expect(await page.$('[data-share]')).toBeNull();
});

test('reading is cancelled at once, and nothing is shared', async () => {
  const launched = await open();
  const large = join(await folderOfOurs(), 'large.bin');
  await writeFile(large, '');
  await truncate(large, 3_000_000_000);
  const page = await openSharePage(launched);
  await chooseToShare(page, '#files', large);
  await page.locator('[data-chooser="chosen"] button ::-p-text(Share)').click();
  await page.waitForFunction(() => Number(document.querySelector('[data-hashed-bytes]')?.getAttribute('data-hashed-bytes')) > 0);
  await page.locator('button ::-p-text(Cancel)').click();
  await page.waitForSelector('[data-chooser="empty"]');
  expect(await page.$('[data-share], [role="alert"]')).toBeNull();
});

test('what cannot be shared is said in words: empty files, two of one name', async () => {
  const launched = await open();
  const folder = await folderOfOurs();
  await writeFile(join(folder, 'empty.txt'), '');
  const page = await openSharePage(launched);
  const element = (await page.waitForSelector('#files')) as ElementHandle<HTMLInputElement>;
  await element.uploadFile(join(folder, 'empty.txt'));
  await untilText(page, '[role="alert"]', /every file is empty/);
  await chooseToShare(page, '#files', filmPath('film.webm'), filmPath('collection/part-1.mp4'), filmPath('film.webm'));
  await page.locator('[data-chooser="chosen"] button ::-p-text(Share)').click();
  await untilText(page, '[role="alert"]', /Two files are named “film\.webm”/);
});

test('a file that changes while it is shared ends its sharing, with advice', async () => {
  const launched = await open();
  const path = join(await folderOfOurs(), 'film.mp4');
  await copyFile(filmPath('faststart.mp4'), path);
  // Chromium tells changes by the second.
  await utimes(path, YESTERDAY, YESTERDAY);
  const page = await openSharePage(launched);
  await chooseToShare(page, '#files', path);
  const magnet = await shareChosen(page);
  await appendFile(path, 'more');
  const member = await joinSwarm(magnet);
  await member.engine.openStream({ sessionId: member.sessionId, fileIndex: 0, startBytes: 0 }, new AbortController().signal);
  expect(await untilText(page, '[data-share-state="failed"]', /film\.mp4” has changed/)).toContain('Share it again');
  await page.locator('[data-share] button ::-p-text(Remove)').click();
  await page.waitForSelector('[data-share]', { hidden: true });
});

test('when the engine dies, an open page shares again with the next one', async () => {
  const launched = await open();
  const page = await openSharePage(launched);
  await chooseToShare(page, '#files', filmPath('film.webm'));
  const magnet = await shareChosen(page);
  const options = await ownPage(launched, 'options.html');
  await options.evaluate(() => chrome.offscreen.closeDocument());
  expect(await fetchWhole(await joinSwarm(magnet), 0)).toBe(await sha256(filmPath('film.webm')));
  await page.bringToFront();
  expect(await untilText(page, '[data-share-state="complete"]', /1 peer connected/)).toContain(magnet);
});
