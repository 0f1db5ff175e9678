import type { Page, Viewport } from 'puppeteer';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import type { Camera } from './camera';
import type { ScreenshotFilms } from './films';

/** What every screen is taken with. */
export interface Scene {
  readonly launched: LaunchedBrowser;
  readonly camera: Camera;
  readonly films: ScreenshotFilms;
}

/** As wide as the browser opens it; as long as it is. */
export const POPUP_VIEWPORT: Viewport = { width: 384, height: 200 };

/** A page of the extension in a tab. @param viewport default: as large as the window */
export async function openOwnPage({ launched }: Scene, name: string, viewport?: Viewport): Promise<Page> {
  const page = await launched.browser.newPage();
  if (viewport !== undefined) await page.setViewport(viewport);
  await page.goto(`chrome-extension://${launched.extensionId}/${name}.html`);
  return page;
}
