import type { Frame } from 'puppeteer';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import { clickLink, linkPage, openBrowser, storeSettings, timelineOf } from '@/tests/support/stage';
import { serveSite } from '@/tests/support/static-site';
import { BENCH_LAUNCH } from './browser-process';
import type { ExtensionParts } from './extension-system';
import { extensionSettings } from './extension-settings';
import { notePressing, pressedAtMs, removeFilm, untilVerified } from './player-page';
import { seekFilm } from './seek-film';
import type { Surroundings } from './surroundings';
import { playLastSeconds, PRESS_MS, type Moments, type Viewer } from './viewer';

/** A viewer who has agreed and never seen the film. */
export async function openExtensionViewer({ mode, extensionDir, profile }: ExtensionParts, around: Surroundings): Promise<Viewer> {
  const site = await serveSite({ '/': linkPage(profile.magnet) });
  const launched = await openBrowser([], { extensionDir, ...BENCH_LAUNCH });
  await storeSettings(launched, extensionSettings(mode, around.viewer, around));
  const page = await launched.browser.newPage();
  await page.goto(site.origin);
  await notePressing(page);
  const opened = Promise.withResolvers<Frame>();
  return {
    browser: launched.browser,
    async click() {
      const frame = await clickLink(page, launched.extensionId, PRESS_MS);
      opened.resolve(frame);
      if (!around.scenario.plays) await removeFilm(frame);
    },
    async untilComplete() {
      const frame = await opened.promise;
      return (await untilVerified(frame, around.film)) - (await pressedAtMs(page));
    },
    moments: async () => momentsOf(await timelineOf(await opened.promise), around.scenario.plays),
    async seek(share) {
      const frame = await opened.promise;
      await frame.waitForSelector('video');
      return frame.evaluate(seekFilm, share);
    },
    uploadedBytes: () => uploadedBytes(launched),
    playEnd: async () => (await opened.promise).evaluate(playLastSeconds),
    async close() {
      await launched.close();
      await site.close();
    },
  };
}

/** As the popup says it, opened as a page. */
async function uploadedBytes({ browser, extensionId }: LaunchedBrowser): Promise<number> {
  const popup = await browser.newPage();
  await popup.goto(`chrome-extension://${extensionId}/popup.html`);
  await popup.waitForSelector('[data-session-id]');
  const bytes = await popup.$eval('[data-session-id]', (card) => Number(card.getAttribute('data-uploaded-bytes') ?? Number.NaN));
  await popup.close();
  return bytes;
}

function momentsOf(timeline: Readonly<Record<string, number>>, plays: boolean): Moments {
  const { overlay, metadata, 'first-piece': firstPiece, 'first-frame': firstFrame } = timeline;
  return {
    ...(overlay === undefined ? {} : { overlayMs: overlay }),
    ...(metadata === undefined ? {} : { metadataMs: metadata }),
    ...(firstPiece === undefined ? {} : { firstPieceMs: firstPiece }),
    ...(firstFrame === undefined || !plays ? {} : { firstFrameMs: firstFrame }),
  };
}
