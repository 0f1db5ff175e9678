import type { Page, Viewport } from 'puppeteer';
import { onTestFinished } from 'vitest';
import type { LaunchedBrowser } from './launch-browser';
import { OverlayProbe } from './overlay-probe';

export interface Visit {
  readonly page: Page;
  readonly probe: OverlayProbe;
}

/** A page of the web, in the foreground of a tab of its own until the test ends. @param viewport undefined leaves the window as it is */
export async function visitPage({ browser, extensionId }: LaunchedBrowser, url: string, viewport?: Viewport): Promise<Visit> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  if (viewport !== undefined) await page.setViewport(viewport);
  const probe = await OverlayProbe.attach(page, extensionId);
  await page.goto(url);
  await page.bringToFront();
  return { page, probe };
}
