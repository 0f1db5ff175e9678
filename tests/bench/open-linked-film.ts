import type { Frame } from 'puppeteer';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import { clickLink, linkPage } from '@/tests/support/stage';
import { answerRequests } from './answer-requests';

const ADDRESS = 'http://127.0.0.1/';

/** Opens a page with the link and clicks it. The page comes from nowhere: behind a line no server of this machine is at 127.0.0.1. */
export async function openLinkedFilm({ browser, extensionId }: LaunchedBrowser, magnet: string): Promise<Frame> {
  const page = await browser.newPage();
  await answerRequests(page, (url) => (url === ADDRESS ? { body: linkPage(magnet) } : undefined));
  await page.goto(ADDRESS);
  return clickLink(page, extensionId);
}
