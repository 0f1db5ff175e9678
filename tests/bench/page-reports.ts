import type { Page } from 'puppeteer';

/** To be there, or to have read a film. */
const READY_LIMIT_MS = 200_000;

/** Waits until a page reports, as a data attribute of its root element, something; throws what it reports instead. */
export async function reported(page: Page, name: string, timeoutMs = READY_LIMIT_MS): Promise<string> {
  const handle = await page
    .waitForFunction(
      (key: string) => {
        const { dataset } = document.documentElement;
        return dataset['failure'] !== undefined || dataset[key] !== undefined
          ? { value: dataset[key], failure: dataset['failure'] }
          : false;
      },
      { polling: 'mutation', timeout: timeoutMs },
      name,
    )
    .catch(async (error: unknown) => {
      const facts = await page.$eval('html', (root) => JSON.stringify(root.dataset)).catch(() => 'nothing any more');
      throw new Error(`The page never said ${name}; it says: ${facts}`, { cause: error });
    });
  const { value, failure } = (await handle.jsonValue()) as { readonly value?: string; readonly failure?: string };
  if (value === undefined) throw new Error(`The page failed: ${failure ?? 'without a word'}`);
  return value;
}
