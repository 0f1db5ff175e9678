import type { Page } from 'puppeteer';
import { RUN_LIMIT_MS } from '@/tests/bench/viewer';
import type { PageRequest } from './page-request';

/** Resolves once the page can be used. @param origin where it is served */
export async function openPage(page: Page, origin: string, request: PageRequest): Promise<void> {
  await page.goto(`${origin}/#${encodeURIComponent(JSON.stringify(request))}`);
  await reported(page, 'ready');
}

/** Waits until the page reports something; throws what it reports instead. */
export async function reported(page: Page, name: string): Promise<string> {
  const handle = await page
    .waitForFunction(
      (key: string) => {
        const { dataset } = document.documentElement;
        return dataset['failure'] !== undefined || dataset[key] !== undefined
          ? { value: dataset[key], failure: dataset['failure'] }
          : false;
      },
      { polling: 'mutation', timeout: RUN_LIMIT_MS },
      name,
    )
    .catch(async (error: unknown) => {
      const facts = await page.$eval('html', (root) => JSON.stringify(root.dataset)).catch(() => 'nothing any more');
      throw new Error(`The WebTorrent page never said ${name}; it says: ${facts}`, { cause: error });
    });
  const { value, failure } = (await handle.jsonValue()) as { readonly value?: string; readonly failure?: string };
  if (value === undefined) throw new Error(`The WebTorrent page failed: ${failure ?? 'without a word'}`);
  return value;
}
