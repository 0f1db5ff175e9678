import { TargetType, type Frame, type Page } from 'puppeteer';
import { launchBrowser, type LaunchedBrowser, type LaunchOptions } from './launch-browser';
import { startScript, type Child } from './child-process';
import { serveSite, type Site, type SiteContent } from './static-site';

/** What an end-to-end test plays on: a browser with the built extension, a signaling server and seeders in processes of their own. */

const SIGNALING_READY = /listening on (http:\S+)/;

export interface Signaling {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** @param port 0 takes any free one */
export async function startSignaling(port = 0, env: Readonly<Record<string, string>> = {}): Promise<Signaling> {
  const child = startScript('signaling-server/src/main.ts', [], { env: { PORT: String(port), LOG_LEVEL: 'warn', ...env } });
  const [, url = ''] = await child.waitForLine(SIGNALING_READY);
  return { url, port: Number(new URL(url).port), stop: () => child.stop() };
}

export interface Seeder {
  readonly magnet: string;
  readonly child: Child;
}

/** Shares a file or folder by `npm run seed`'s own script; resolves once it has announced itself. */
export async function startSeeder(path: string, signalingUrl: string, more: readonly string[] = []): Promise<Seeder> {
  const child = startScript('scripts/seed.ts', [path, '--signaling', signalingUrl, ...more]);
  const [magnet] = await child.waitForLine(/^magnet:\S+$/);
  await child.waitForLine(/^Signaling: .*connected/);
  return { magnet, child };
}

/** A browser whose viewer has agreed on the welcome page, by clicking there, and uses these signaling servers and nobody else. */
export async function openBrowser(
  signalingUrls: readonly string[],
  options: LaunchOptions = {},
  settings: Readonly<Record<string, unknown>> = {},
): Promise<LaunchedBrowser> {
  const launched = await launchBrowser(options);
  await agree(launched);
  await storeSettings(launched, {
    signalingServers: signalingUrls.map((url) => ({ url, enabled: true })),
    iceServers: [],
    trackers: [],
    ...settings,
  });
  return launched;
}

/** A browser whose viewer has yet to decide, without the consent page, which opens by itself and would take the foreground from a test. */
export async function openUndecidedBrowser(): Promise<LaunchedBrowser> {
  const launched = await launchBrowser();
  const welcome = await launched.browser.waitForTarget((target) => target.url().endsWith('/welcome.html'));
  await (await welcome.asPage()).close();
  return launched;
}

export async function agree({ browser, extensionId }: LaunchedBrowser): Promise<void> {
  // The extension opens it by itself when it is installed.
  const target = await browser.waitForTarget((opened) => opened.url() === `chrome-extension://${extensionId}/welcome.html`);
  const page = await target.asPage();
  await page.bringToFront();
  await page.locator('#accept').click();
  await page.waitForSelector('[data-consent="given"]');
  await page.close();
}

/** Writes some of the settings as the options page would. */
export async function storeSettings({ browser, extensionId }: LaunchedBrowser, change: Readonly<Record<string, unknown>>): Promise<void> {
  const page = await browser.newPage();
  await page.goto(`chrome-extension://${extensionId}/options.html`);
  await page.evaluate(async (changed) => {
    const { settings } = await chrome.storage.local.get<{ settings?: object }>('settings');
    await chrome.storage.local.set({ settings: { ...settings, ...changed } });
  }, change);
  await page.close();
}

/** A site of one page with a link of id `film`. */
export function linkPage(magnet: string): string {
  const escaped = magnet.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!doctype html><html lang="en"><title>Films</title><h1>Films</h1><p><a id="film" href="${escaped}">Watch the film</a></p></html>`;
}

export function serveLinkPage(magnet: string, headers: Readonly<Record<string, string>> = {}): Promise<Site> {
  const content: SiteContent = { '/': { body: linkPage(magnet), headers } };
  return serveSite(content);
}

/** Clicks a page's link; resolves with the player's frame. @param pressMs how long the button is held */
export async function clickLink(page: Page, extensionId: string, pressMs = 0): Promise<Frame> {
  await page.bringToFront();
  await page.locator('#film').click({ delay: pressMs });
  return playerFrame(page, extensionId);
}

/** The player's frame in the overlay. The shadow root is closed to the page, but not to the debugger. */
export async function playerFrame(page: Page, extensionId: string): Promise<Frame> {
  return page.waitForFrame((frame) => frame.url().startsWith(`chrome-extension://${extensionId}/player.html`));
}

/** The player in a tab of its own that `act` leads to. */
export async function playerTab({ browser }: Pick<LaunchedBrowser, 'browser'>, act: () => Promise<unknown>): Promise<Page> {
  const opened = browser.waitForTarget((target) => target.url().includes('/player.html#') && target.type() === TargetType.PAGE);
  await act();
  const tab = await (await opened).asPage();
  await tab.bringToFront();
  return tab;
}

export interface Picture {
  readonly currentTime: number;
  readonly frames: number;
  readonly widthPixels: number;
  readonly audioBytes: number;
}

/** Resolves once the picture has advanced and sound was decoded: `seconds` of film past where it is now. */
export async function untilPlaying(frame: Frame, seconds = 1): Promise<Picture> {
  await frame.waitForSelector('video');
  const handle = await frame.waitForFunction(
    (advance: number) => {
      const video = document.querySelector('video');
      if (video === null) return false;
      const marked = video as HTMLVideoElement & { lodestreamStart?: number; webkitAudioDecodedByteCount: number };
      if (video.currentTime === 0 && marked.lodestreamStart === undefined) return false;
      marked.lodestreamStart ??= video.currentTime;
      const frames = video.getVideoPlaybackQuality().totalVideoFrames;
      if (video.currentTime - marked.lodestreamStart < advance || frames < 10 || marked.webkitAudioDecodedByteCount === 0) return false;
      delete marked.lodestreamStart;
      return { currentTime: video.currentTime, frames, widthPixels: video.videoWidth, audioBytes: marked.webkitAudioDecodedByteCount };
    },
    { timeout: 120_000 },
    seconds,
  );
  return (await handle.jsonValue()) as Picture;
}

/** Waits until an element's text matches, and gives the text. */
export async function untilText(frame: Frame | Page, selector: string, pattern: RegExp): Promise<string> {
  const handle = await frame.waitForFunction(
    (query: string, source: string, flags: string) => {
      const text = document.querySelector(query)?.textContent ?? '';
      return new RegExp(source, flags).test(text) ? text : false;
    },
    { timeout: 120_000 },
    selector,
    pattern.source,
    pattern.flags,
  );
  return (await handle.jsonValue()) as string;
}

/** The start-up timeline as the viewer sees it: milliseconds since the click, by moment, as far as it has come. */
export async function timelineOf(frame: Frame): Promise<Record<string, number>> {
  const moments = await frame.$$eval('[data-timeline-event][data-ms]', (items) =>
    items.map((item) => [item.getAttribute('data-timeline-event') ?? '', Number(item.getAttribute('data-ms'))] as const),
  );
  return Object.fromEntries(moments);
}
