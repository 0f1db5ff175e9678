import type { Browser, Page } from 'puppeteer';
import { launchBrowser, type LaunchOptions } from '@/tests/support/launch-browser';
import { answerRequests } from './answer-requests';
import { BENCH_LAUNCH, browserPid } from './browser-process';
import type { BuiltPage } from './build-page';
import { reported } from './page-reports';
import type { RawOrder } from './raw-page/raw-peer';
import type { Surroundings } from './surroundings';
import { runLimitMs, type RunningSystem } from './viewer';

export interface RawParts {
  readonly connections: number;
  readonly pages: BuiltPage;
}

/**
 * What is left when all but the browser's own transport is taken away: bare data channels, as many bytes as the film has from memory, and a
 * receiver that counts them. Nothing is read, hashed, stored or played.
 */
export async function openRawSystem({ connections, pages }: RawParts, around: Surroundings): Promise<RunningSystem> {
  const order: RawOrder = { connections, lengthBytes: around.film.lengthBytes, iceServers: around.iceServers };
  const sender = await openRawPage(pages, around.seeder.native.launch);
  return {
    // Its line, that is.
    swarms: ['native'],
    seederPids: [browserPid(sender.browser)],
    async openViewer() {
      const { browser, page, close } = await openRawPage(pages);
      let clickedAtMs = Number.NaN;
      return {
        browser,
        async click() {
          clickedAtMs = Date.now();
          const offers = await page.evaluate((carried) => globalThis.rawPeer.offer(carried), order);
          const answers = await sender.page.evaluate((carried, from) => globalThis.rawPeer.answer(carried, from), order, offers);
          await page.evaluate((from) => globalThis.rawPeer.accept(from), answers);
        },
        untilComplete: async () => Number(await reported(page, 'completeAtMs', runLimitMs(order.lengthBytes))) - clickedAtMs,
        moments: () => Promise.resolve({}),
        uploadedBytes: () => Promise.resolve(0),
        seek: nothingToPlay,
        playEnd: nothingToPlay,
        close,
      };
    },
    close: sender.close,
  };
}

interface RawPage {
  readonly browser: Browser;
  readonly page: Page;
  readonly close: () => Promise<void>;
}

/** The page comes from nowhere: behind a line no server of this machine is at 127.0.0.1. */
async function openRawPage(pages: BuiltPage, launch: LaunchOptions = {}): Promise<RawPage> {
  const launched = await launchBrowser({ extension: false, ...BENCH_LAUNCH, ...launch });
  const page = await launched.browser.newPage();
  await answerRequests(page, (url) => pages[new URL(url).pathname]);
  await page.goto('http://127.0.0.1/');
  await reported(page, 'ready');
  return { browser: launched.browser, page, close: () => launched.close() };
}

function nothingToPlay(): Promise<never> {
  return Promise.reject(new Error('Bare channels carry bytes; there is nothing to play.'));
}
