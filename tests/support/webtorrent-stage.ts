import type { Frame } from 'puppeteer';
import { onTestFinished } from 'vitest';
import { startTracker, type Tracker } from '@/tests/bench/tracker';
import { startScript, type Child } from './child-process';
import { filmPath } from './films';
import type { LaunchedBrowser, LaunchOptions } from './launch-browser';
import { openLinkIn } from './open-film';
import { openBrowser } from './stage';

/** A real WebTorrent tracker, unmodified peers in processes of their own, and a viewer who uses that tracker; each ends with its test. */
export class WebTorrentStage {
  readonly tracker: Tracker;
  readonly trackerUrl: string;

  private constructor(tracker: Tracker) {
    this.tracker = tracker;
    this.trackerUrl = `ws://127.0.0.1:${tracker.port}`;
  }

  /** To be opened before anything that uses the tracker: it closes once its peers, which end before it, have gone. */
  static async open(): Promise<WebTorrentStage> {
    const tracker = await startTracker('127.0.0.1');
    onTestFinished(() => tracker.close());
    return new WebTorrentStage(tracker);
  }

  /** An unmodified peer that shares a film of the fixtures, by `tests/support/stock-seeder.ts`. */
  async stockSeeder(film: string, more: readonly string[] = []): Promise<{ readonly magnet: string; readonly child: Child }> {
    const child = startScript('tests/support/stock-seeder.ts', [filmPath(film), '--tracker', this.trackerUrl, ...more]);
    onTestFinished(() => child.stop());
    const [magnet] = await child.waitForLine(/^magnet:\S+$/);
    return { magnet, child };
  }

  async openViewer(
    signalingUrls: readonly string[],
    settings: Readonly<Record<string, unknown>>,
    options: LaunchOptions = {},
  ): Promise<LaunchedBrowser> {
    const launched = await openBrowser(signalingUrls, options, {
      trackers: [{ url: this.trackerUrl, enabled: true }],
      allowLocalPeers: true,
      ...settings,
    });
    onTestFinished(() => launched.close());
    return launched;
  }
}

/** Clicks a link to the film on a page made for it; resolves with the player. */
export async function watch(magnet: string, launched: LaunchedBrowser): Promise<Frame> {
  const { frame } = await openLinkIn(launched, magnet);
  return frame;
}

/** Bytes each source brought, waste among them, as the popup tells them. */
export async function bytesBySource(launched: LaunchedBrowser): Promise<Record<string, number>> {
  const popup = await launched.browser.newPage();
  await popup.goto(`chrome-extension://${launched.extensionId}/popup.html`);
  await popup.waitForSelector('[data-source]');
  const parts = await popup.$$eval('[data-source]', (items) =>
    items.map((item) => [item.getAttribute('data-source') ?? '', Number(item.getAttribute('data-downloaded-bytes'))] as const),
  );
  await popup.close();
  return Object.fromEntries(parts);
}
