import type { Page, Viewport } from 'puppeteer';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import type { Camera } from './camera';
import type { ScreenshotFilms } from './films';
import type { Language } from './languages';

/** What every screen is taken with. */
export interface Scene {
  readonly launched: LaunchedBrowser;
  readonly camera: Camera;
  readonly films: ScreenshotFilms;
  readonly language: Language;
}

/** What the browsers' stores want pictures to be. */
export const TAB_VIEWPORT: Viewport = { width: 1280, height: 800 };
/** What WCAG 1.4.10 asks of every page. */
export const NARROW_VIEWPORT: Viewport = { width: 320, height: 640 };
/** As wide as the browser opens it; as long as it is. */
export const POPUP_VIEWPORT: Viewport = { width: 384, height: 200 };

/** A page of the extension in a tab. */
export async function openOwnPage({ launched }: Scene, name: string, viewport = TAB_VIEWPORT): Promise<Page> {
  const page = await launched.browser.newPage();
  await page.setViewport(viewport);
  await page.goto(`chrome-extension://${launched.extensionId}/${name}.html`);
  return page;
}
