import type { ElementHandle, Page } from 'puppeteer';
import type { TorrentKind } from '@/src/protocol/content-hasher';
import type { LaunchedBrowser } from './launch-browser';
import { untilText } from './stage';

export async function openSharePage({ browser, extensionId }: LaunchedBrowser): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`chrome-extension://${extensionId}/share.html`);
  return page;
}

export async function chooseToShare(page: Page, input: '#files' | '#folder', ...paths: string[]): Promise<void> {
  const element = (await page.waitForSelector(input)) as ElementHandle<HTMLInputElement>;
  await element.uploadFile(...paths);
  await page.waitForSelector('[data-chooser="chosen"]');
}

/** Of what is chosen: opens the formats, which are hidden, and takes one. */
export async function chooseFormat(page: Page, format: TorrentKind): Promise<void> {
  await page.waitForSelector('.format-choice:not([open])[data-format="v1"]');
  await page.locator('.format-choice summary').click();
  await page.locator(`.format-choice input[value="${format}"]`).click();
  await page.waitForSelector(`.format-choice[data-format="${format}"]`);
}

/** Resolves with the magnet link. */
export async function shareChosen(page: Page): Promise<string> {
  await page.locator('[data-chooser="chosen"] button ::-p-text(Share)').click();
  return untilText(page, '[data-share-state="complete"] .magnet', /^magnet:/);
}
