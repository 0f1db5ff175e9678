import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Frame, Page } from 'puppeteer';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { filmPath } from '@/tests/support/films';
import { launchBrowser, type LaunchedBrowser } from '@/tests/support/launch-browser';
import { openLinkPage } from '@/tests/support/open-film';
import {
  agree,
  clickLink,
  openBrowser,
  startSeeder,
  startSignaling,
  storeSettings,
  untilPlaying,
  untilText,
  type Signaling,
} from '@/tests/support/stage';

/** What is kept of a film, for how long, and who sees to it. */

let signaling: Signaling;

beforeEach(async () => {
  signaling = await startSignaling();
});

afterEach(async () => {
  await signaling.stop();
});

async function seed(name: string, more: readonly string[] = []): Promise<string> {
  const seeder = await startSeeder(filmPath(name), signaling.url, more);
  onTestFinished(() => seeder.child.stop());
  return seeder.magnet;
}

async function open(options: Parameters<typeof openBrowser>[1] = {}): Promise<LaunchedBrowser> {
  const launched = await openBrowser([signaling.url], options);
  onTestFinished(() => launched.close());
  return launched;
}

async function play(
  { browser, extensionId }: LaunchedBrowser,
  magnet: string,
  context?: BrowserContext,
): Promise<{ page: Page; frame: Frame }> {
  const page = await openLinkPage(context ?? browser, magnet);
  return { page, frame: await clickLink(page, extensionId) };
}

async function ownPage({ browser, extensionId }: LaunchedBrowser, path: string, context?: BrowserContext): Promise<Page> {
  const page = await (context ?? browser).newPage();
  await page.goto(`chrome-extension://${extensionId}/${path}`);
  return page;
}

async function sha256(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

/** Of the first file of the film that a player shows, read as the player reads it. */
async function streamedSha256(frame: Frame): Promise<string> {
  return frame.evaluate(async () => {
    const { src } = document.querySelector('video') as HTMLVideoElement;
    const digest = await crypto.subtle.digest('SHA-256', await (await fetch(src)).arrayBuffer());
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  });
}

test('a film goes on where it was left, says so, and begins anew when asked to', async () => {
  const magnet = await seed('faststart.mp4');
  const launched = await open();
  const { page, frame } = await play(launched, magnet);
  await untilPlaying(frame, 0.2);
  await frame.$eval('video', (video) => {
    video.currentTime = 20;
  });
  await untilPlaying(frame, 0.5);
  await frame.$eval('video', (video) => video.pause());
  await frame.locator('button[aria-label="Files"]').click();
  await untilText(frame, '.file-name', /left at 0:2\d/);
  await page.close();
  const popup = await ownPage(launched, 'popup.html');
  await popup.locator('button ::-p-text(Stop)').click();
  await popup.waitForSelector('[data-stored-film]');

  const again = await play(launched, magnet);
  expect(await untilText(again.frame, '[data-message="resumed"]', /0:2\d/)).toContain('From the start');
  expect((await untilPlaying(again.frame, 0.2)).currentTime).toBeGreaterThan(19);
  await again.frame.locator('button ::-p-text(From the start)').click();
  await again.frame.waitForFunction(() => {
    const video = document.querySelector('video');
    return video !== null && video.currentTime > 0.5 && video.currentTime < 15;
  });
  expect(await again.frame.$('[data-message="resumed"]')).toBeNull();
});

test('a film that was watched to its end begins anew', async () => {
  const magnet = await seed('faststart.mp4');
  const launched = await open();
  const { frame } = await play(launched, magnet);
  await untilPlaying(frame, 0.2);
  await frame.$eval('video', (video) => {
    video.currentTime = 39;
  });
  await frame.waitForSelector('[data-view-state="ended"]');
  const { frame: again } = await play(launched, magnet);
  expect((await untilPlaying(again, 0.2)).currentTime).toBeLessThan(19);
  expect(await again.$('[data-message="resumed"]')).toBeNull();
});

test('films of closed sessions are listed with size and day, and deleted one by one or all together', async () => {
  const magnets = [await seed('faststart.mp4'), await seed('film.webm'), await seed('unseen.mp4')];
  const launched = await open();
  for (const magnet of magnets) {
    const { page, frame } = await play(launched, magnet);
    await untilText(frame, 'main', /all of it verified/);
    await page.close();
  }
  const popup = await ownPage(launched, 'popup.html');
  for (let left = magnets.length; left > 0; left--) {
    await popup.waitForFunction((sessions) => document.querySelectorAll('[data-session-id]').length === sessions, {}, left);
    await popup.locator('.session button ::-p-text(Stop)').click();
  }
  await popup.waitForFunction(() => document.querySelectorAll('[data-stored-film]').length === 3);
  const list = await untilText(popup, '.stored', /film\.webm/);
  expect(list).toMatch(/faststart\.mp41\.8 MB · watched .+ \d{4}/);
  const first = await popup.$eval('[data-stored-film]', (film) => film.getAttribute('data-stored-film'));
  await popup.locator('.stored-film button ::-p-text(Delete)').click();
  await popup.locator('.confirm button ::-p-text(Delete)').click();
  await popup.waitForSelector(`[data-stored-film="${first}"]`, { hidden: true });
  await popup.locator('.stored > header button ::-p-text(Delete all)').click();
  await popup.locator('.confirm button ::-p-text(Delete all)').click();
  await popup.waitForSelector('.stored', { hidden: true });
  expect(await untilText(popup, 'footer', /\b0\s/)).toContain('stored');
});

test('the settings say what each film takes of the disk and whether it is open, and delete either kind', async () => {
  const [closed, playing] = [await seed('film.webm'), await seed('faststart.mp4')];
  const launched = await open();
  const first = await play(launched, closed);
  await untilText(first.frame, 'main', /all of it verified/);
  await first.page.close();
  const popup = await ownPage(launched, 'popup.html');
  await popup.locator('.session button ::-p-text(Stop)').click();
  await popup.waitForSelector('[data-stored-film]');
  await popup.close();
  const { frame } = await play(launched, playing);
  await untilText(frame, 'main', /all of it verified/);

  const options = await ownPage(launched, 'options.html');
  // In the order in which they were watched, the last one first.
  const both = /faststart\.mp41\.8 MB · watched .+ \d{4} · open in a player[\s\S]*film\.webm[\s\S]*watched/;
  const list = await untilText(options, '#cached-films', both);
  // Only one is not open.
  expect(list).not.toContain('Delete all');

  await options.focus('[data-use="playing"] button');
  await options.keyboard.press('Enter');
  expect(await untilText(options, '.confirm', /Keep/)).toContain('Stop and delete');
  await options.locator('.confirm .button-danger').click();
  await options.waitForSelector('[data-use="playing"]', { hidden: true });
  await untilText(options, '#cached-films', /^(?!.*faststart)/);
  // Its button went with it.
  await options.waitForSelector('#cached-films h3:focus');
  await options.locator('[data-cached-film] button').click();
  await options.locator('.confirm .button-danger').click();
  expect(await untilText(options, '#cached-films', /No film is stored/)).not.toContain('film.webm');
  await options.waitForSelector('#storage-use[data-used-bytes="0"]');
});

test('a deletion that the engine refuses is told, and takes the keyboard nowhere when the film goes by other means', async () => {
  const magnet = await seed('film.webm');
  const launched = await open();
  const { page, frame } = await play(launched, magnet);
  await untilText(frame, 'main', /all of it verified/);
  await page.close();
  const popup = await ownPage(launched, 'popup.html');
  await popup.locator('.session button ::-p-text(Stop)').click();
  await popup.waitForSelector('[data-stored-film]');

  const options = await ownPage(launched, 'options.html');
  await options.waitForSelector('[data-cached-film]');
  await options.evaluate(() => {
    const send = Reflect.get(MessagePort.prototype, 'postMessage') as (message: unknown) => void;
    MessagePort.prototype.postMessage = function post(message: { m?: string; a?: unknown }, ...rest: never[]) {
      Reflect.apply(send, this, [message.m === 'deleteStored' ? { ...message, a: [{ infoHash: 'none' }] } : message, ...rest]);
    };
  });
  await options.locator('[data-cached-film] button').click();
  await options.locator('.confirm .button-danger').click();
  expect(await untilText(options, '#cached-films [role="alert"]:not(.confirm)', /\S/)).not.toBe('');
  await options.evaluate(() => (document.activeElement as HTMLElement).blur());

  await popup.bringToFront();
  await popup.locator('.stored-film button ::-p-text(Delete)').click();
  await popup.locator('.confirm button ::-p-text(Delete)').click();
  await popup.waitForSelector('.stored-film', { hidden: true });
  await options.bringToFront();
  await untilText(options, '#cached-films', /No film is stored/);
  // What the page does once it has painted that is done.
  await options.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  expect(await options.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
});

test('before the viewer agrees, and while there is no engine, the settings say why they know of no film', async () => {
  const launched = await launchBrowser({});
  onTestFinished(() => launched.close());
  const options = await ownPage(launched, 'options.html');
  expect(await untilText(options, '[data-engine="not-agreed"]', /agreed/)).toContain('welcome page');
  await agree(launched);
  await options.waitForSelector('[data-engine="known"]');
  await untilText(options, '#cached-films', /No film is stored/);

  // The service worker answers so when the browser lets it open no engine.
  await options.evaluateOnNewDocument(() => {
    ServiceWorker.prototype.postMessage = (_message: unknown, transfer?: unknown) => {
      const [port] = transfer as MessagePort[];
      port?.postMessage({ type: 'engine-refused', code: 'internal', notice: { name: 'trackerSays', values: { reason: '<b>gone</b>' } } });
    };
  });
  await options.reload();
  expect(await untilText(options, '[data-engine="refused"] [role="alert"]', /\S/)).toContain(
    'does not answer: The tracker says: <b>gone</b>',
  );
});

test('a film larger than the room for films plays to its end, and no more than that is kept of it', async () => {
  const magnet = await seed('faststart.mp4');
  const launched = await launchBrowser();
  onTestFinished(() => launched.close());
  const blank = await launched.browser.newPage();
  const session = await blank.createCDPSession();
  // A fifth of what this disk seems to have left is 1.2 MB. Before consent: what an engine has learnt holds for half a minute.
  await session.send('Storage.overrideQuotaForOrigin', { origin: `chrome-extension://${launched.extensionId}`, quotaSize: 6_000_000 });
  await agree(launched);
  await storeSettings(launched, { signalingServers: [{ url: signaling.url, enabled: true }], iceServers: [], trackers: [] });
  const options = await ownPage(launched, 'options.html');
  const { frame, page } = await play(launched, magnet);
  await untilPlaying(frame, 0.5);
  await frame.$eval('video', (video) => {
    video.playbackRate = 4;
  });
  await frame.waitForSelector('[data-view-state="ended"]');
  expect(await streamedSha256(frame)).toBe(await sha256(filmPath('faststart.mp4')));
  await options.bringToFront();
  await options.waitForFunction(() => {
    const use = document.querySelector<HTMLElement>('#storage-use');
    const [used, quota] = [Number(use?.dataset['usedBytes']), Number(use?.dataset['quotaBytes'])];
    return quota > 1_000_000 && quota < 1_800_000 && used > 500_000 && used < 1.25 * quota;
  });
  await page.bringToFront();
  expect(await frame.$eval('video', (video) => video.error)).toBeNull();
});

test('the room for films is set in the options, and what is no such room is answered there', async () => {
  const launched = await open();
  const options = await ownPage(launched, 'options.html');
  const field = '.storage input';
  await untilText(options, '#storage-use', /0 kB of .+ in use/);
  await options.locator(field).fill('0.1');
  await options.keyboard.press('Enter');
  await untilText(options, '.storage [role="alert"]', /at least 250 MB/);
  await options.locator(field).fill('20');
  await options.keyboard.press('Enter');
  await untilText(options, '#storage-use', /of 20.0 GB/);
  await options.click(field, { count: 3 });
  await options.keyboard.press('Backspace');
  await options.keyboard.press('Enter');
  await untilText(options, '#storage-use', /of (?!20.0)/);
  expect(await options.evaluate(async () => (await chrome.storage.local.get<{ settings: object }>('settings')).settings)).toMatchObject({
    storageQuotaBytes: null,
  });
});

test('a killed browser loses little, and what its disk spoilt meanwhile is neither played nor served', async () => {
  const userDataDir = await mkdtemp(join(tmpdir(), 'lodestream-profile-'));
  onTestFinished(() => rm(userDataDir, { recursive: true, force: true }));
  const magnet = await seed('faststart.mp4', ['--upload-limit', '250']);
  const before = await openBrowser([signaling.url], { userDataDir });
  const { frame } = await play(before, magnet);
  await untilText(frame, 'main', /[3-9]\d% verified/);
  const died = new Promise((resolve) => before.browser.process()?.once('exit', resolve));
  before.browser.process()?.kill('SIGKILL');
  await died;
  expect(await spoilFirstExtent(join(userDataDir, 'Default', 'File System'))).toBeGreaterThan(0);

  const after = await launchBrowser({ userDataDir });
  onTestFinished(() => after.close());
  const again = await play(after, magnet);
  const first = await untilText(again.frame, 'main', /\d+% verified/);
  expect(Number(/(\d+)% verified/.exec(first)?.[1])).toBeGreaterThan(10);
  await untilPlaying(again.frame);
  expect(await streamedSha256(again.frame)).toBe(await sha256(filmPath('faststart.mp4')));
});

/** Damages the film's beginning wherever the profile keeps it; resolves with the number of files that held it. */
async function spoilFirstExtent(folder: string): Promise<number> {
  const head = (await readFile(filmPath('faststart.mp4'))).subarray(0, 4096);
  let spoilt = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    if (!bytes.subarray(0, 4096).equals(head)) continue;
    await writeFile(path, bytes.fill(0, 1000, 3000));
    spoilt++;
  }
  return spoilt;
}

/** What is in the private file system of the extension, as this page's windows see it. */
async function onDisk(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const names: string[] = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
    return names;
  });
}

test('what a private window watches is kept in memory only, and gone with it', async () => {
  const magnet = await seed('faststart.mp4');
  const launched = await open({ inPrivateWindows: true });
  const context = await launched.browser.createBrowserContext();
  const { frame } = await play(launched, magnet, context);
  await untilPlaying(frame);
  await untilText(frame, 'main', /all of it verified/);
  const popup = await ownPage(launched, 'popup.html', context);
  expect(await untilText(popup, 'footer', /1\.8 MB of films stored/)).toMatch(/up to 5\d\d MB/);
  expect(await onDisk(popup)).toEqual([]);
  const outside = await ownPage(launched, 'popup.html');
  expect(await untilText(outside, 'footer', /\b0\s/)).toContain('stored');
  expect(await outside.evaluate(() => document.querySelectorAll('[data-session-id], [data-stored-film]').length)).toBe(0);
  const stored = await outside.evaluate(async () => JSON.stringify(await chrome.storage.local.get()));
  expect(stored).not.toContain('faststart');
  await context.close();
  const next = await ownPage(launched, 'popup.html', await launched.browser.createBrowserContext());
  expect(await untilText(next, 'footer', /\b0\s/)).toContain('stored');
});
