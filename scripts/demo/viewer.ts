import { join } from 'node:path';
import { TargetType, type Page } from 'puppeteer';
import { DEFAULT_SETTINGS } from '@/src/settings/schema';
import { launchBrowser, type LaunchedBrowser } from '@/tests/support/launch-browser';
import { storeSettings } from '@/tests/support/stage';
import type { DemoStage } from './demo-stage';

/** For one step of the way to the picture, on a slow machine. A person may take any time. */
const STEP_TIMEOUT_MS = 120_000;

/** A browser of its own with a profile of its own, the extension, and the demo page in a tab. */
export interface Viewer {
  readonly name: string;
  readonly launched: LaunchedBrowser;
  readonly page: Page;
  /** Aborts when the last tab is closed, by whoever closed it. */
  readonly gone: AbortSignal;
}

export interface ViewerOptions {
  readonly name: string;
  readonly headless: boolean;
  /** Which of the windows side by side it is, from 0; several share the screen. */
  readonly place: number;
}

/** Opens the browser as far as a fresh install goes by itself: the welcome page asks, nobody has agreed yet. */
export async function openViewer(stage: DemoStage, { name, headless, place }: ViewerOptions): Promise<Viewer> {
  const launching = launchBrowser({
    headless,
    language: 'system',
    extensionDir: stage.extensionDir,
    userDataDir: join(stage.folder, `profile-${place}`),
    args: [`--window-position=${40 + place * 640},${40 + place * 40}`],
  });
  // From now on, not once it is there: an end that came meanwhile must not remove the profile under a browser about to open it.
  stage.teardown.own(async () => {
    const launched = await launching.catch(() => undefined);
    if (launched?.browser.connected === true) await launched.close();
  });
  const launched = await launching;
  const { browser } = launched;
  const gone = new AbortController();
  browser.once('disconnected', () => gone.abort());
  // On a Mac a browser goes on without a window.
  browser.on('targetdestroyed', () => {
    if (!browser.targets().some((target) => target.type() === TargetType.PAGE)) gone.abort();
  });
  // The demo asks nobody outside this computer: neither another signaling server nor a STUN server.
  await storeSettings(launched, {
    signalingServers: [{ url: stage.swarm.signalingUrl, enabled: true }],
    iceServers: DEFAULT_SETTINGS.iceServers.map((server) => ({ ...server, enabled: false })),
    trackers: DEFAULT_SETTINGS.trackers.map((tracker) => ({ ...tracker, enabled: false })),
  });
  const [page = await browser.newPage()] = await browser.pages();
  page.setDefaultTimeout(headless ? STEP_TIMEOUT_MS : 0);
  await page.goto(stage.pageUrl);
  if (!headless) await (await welcomePage(launched)).bringToFront();
  return { name, launched, page, gone: gone.signal };
}

/** The extension opens it by itself when it is installed. */
async function welcomePage({ browser, extensionId }: LaunchedBrowser): Promise<Page> {
  const target = await browser.waitForTarget((opened) => opened.url() === `chrome-extension://${extensionId}/welcome.html`);
  return target.asPage();
}
