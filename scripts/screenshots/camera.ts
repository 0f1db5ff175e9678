import { join } from 'node:path';
import type { Frame, Page } from 'puppeteer';
import type { Language } from './languages';

export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface ShotOptions {
  /** All of a page that is longer than the window. */
  readonly wholePage?: boolean;
  /** Brings back what the page shows for a moment only; called before each picture. */
  readonly before?: () => Promise<unknown>;
}

/** Takes the same state of a page in each theme. */
export class Camera {
  readonly #folder: string;
  readonly #themes: readonly Theme[];
  readonly #language: Language;

  constructor(folder: string, themes: readonly Theme[], language: Language) {
    this.#folder = folder;
    this.#themes = themes;
    this.#language = language;
  }

  path(name: string, theme: Theme): string {
    return join(this.#folder, `${name}${this.#language === 'en' ? '' : `-${this.#language}`}-${theme}.png`);
  }

  async shoot(page: Page, name: string, { wholePage = false, before }: ShotOptions = {}): Promise<void> {
    // A tab behind others is not painted.
    await page.bringToFront();
    const viewport = page.viewport();
    if (wholePage) await growToContent(page);
    for (const theme of this.#themes) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
      await before?.();
      await Promise.all(page.frames().map(untilSettled));
      const path = this.path(name, theme);
      await page.screenshot({ path });
      console.log(path);
    }
    await page.setViewport(viewport);
  }
}

/** A picture longer than its window would have what sticks to the window's edge in its middle. */
async function growToContent(page: Page): Promise<void> {
  const size = await page.evaluate(() => ({ width: innerWidth, height: document.documentElement.scrollHeight }));
  await page.setViewport(size);
}

/** What fades in has done so. What goes round without end is left out. */
async function untilSettled(frame: Frame): Promise<void> {
  await frame.evaluate(async () => {
    const finite = document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().endTime) < Infinity);
    // One that is replaced on its way rejects.
    await Promise.allSettled(finite.map((animation) => animation.finished));
  });
}
