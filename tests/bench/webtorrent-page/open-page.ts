import type { Page } from 'puppeteer';
import { reported } from '@/tests/bench/page-reports';
import type { PageRequest } from './page-request';

/** Resolves once the page can be used. @param origin where it is served */
export async function openPage(page: Page, origin: string, request: PageRequest): Promise<void> {
  await page.goto(`${origin}/#${encodeURIComponent(JSON.stringify(request))}`);
  await reported(page, 'ready');
}
