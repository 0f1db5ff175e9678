import type { Page } from 'puppeteer';
import type { LaunchedBrowser } from './launch-browser';

/** Zooms the tab that was opened last, as the browser's own menu does: for all pages of its site. @param page brought to the front again */
export async function zoomTo({ browser, extensionId }: LaunchedBrowser, page: Page, zoom: number): Promise<void> {
  const options = await browser.newPage();
  await options.goto(`chrome-extension://${extensionId}/options.html`);
  await options.evaluate(async (factor) => {
    const own = await chrome.tabs.getCurrent();
    const others = (await chrome.tabs.query({})).map(({ id = 0 }) => id).filter((id) => id !== own?.id);
    await chrome.tabs.setZoom(Math.max(...others), factor);
  }, zoom);
  await options.close();
  await page.bringToFront();
}
