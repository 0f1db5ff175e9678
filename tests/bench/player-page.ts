import type { Frame, Page } from 'puppeteer';
import type { BenchFilm } from './film';
import { runLimitMs } from './viewer';

/** What the bench does with the extension's player, and reads in it. */

/**
 * Download only: the element goes and the session stays. The player then waits for a picture for ever, and without a graphics card its
 * "buffering" animations take 0.19 cores of this and every other measured browser (0.01 without them), so they stop.
 */
export async function removeFilm(frame: Frame): Promise<void> {
  await frame.waitForSelector('video');
  await frame.addStyleTag({ content: '*, ::before, ::after { animation: none !important; }' });
  await frame.$eval('video', (video) => {
    video.pause();
    video.removeAttribute('src');
    video.load();
  });
}

/** Resolves with the moment, in ms since the epoch, at which the player says that it has all of the film. Looks only when something changes. */
export async function untilVerified(frame: Frame, { lengthBytes }: BenchFilm): Promise<number> {
  try {
    const handle = await frame.waitForFunction(
      () => (document.querySelector('main')?.textContent?.includes('all of it verified') === true ? Date.now() : false),
      { polling: 'mutation', timeout: runLimitMs(lengthBytes) },
    );
    return Number(await handle.jsonValue());
  } catch (error) {
    const shown = await frame.$eval('main', (main) => main.innerText).catch(() => 'nothing any more');
    throw new Error(`The film did not become complete; the player shows: ${shown}`, { cause: error });
  }
}

/** The extension takes the click before the page hears of it, but not the release of the button just before. */
export async function notePressing(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.addEventListener('mouseup', () => {
      document.documentElement.dataset['pressedAtMs'] = String(Date.now());
    });
  });
}

export async function pressedAtMs(page: Page): Promise<number> {
  return Number(await page.$eval('html', (root) => root.dataset['pressedAtMs']));
}
