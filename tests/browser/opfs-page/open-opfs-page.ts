import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer';
import { build } from 'vite';
import { launchBrowser } from '@/tests/support/launch-browser';
import { serveSite } from '@/tests/support/static-site';

const PAGE_DIRECTORY = fileURLToPath(new URL('.', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

export interface OpfsPage {
  readonly page: Page;
  close(): Promise<void>;
}

/** Builds the page with the store in it, as the extension is built, and opens it in Chromium (127.0.0.1 is a secure context). */
export async function openOpfsPage(): Promise<OpfsPage> {
  const directory = await mkdtemp(path.join(tmpdir(), 'opfs-page-'));
  await build({
    root: PAGE_DIRECTORY,
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { '@/': ROOT } },
    worker: { format: 'es' },
    build: { outDir: directory, target: 'esnext', minify: false, modulePreload: false },
  });
  const files = await readTree(directory);
  await rm(directory, { recursive: true });
  const site = await serveSite((request) => files.get(request.url === '/' ? '/index.html' : (request.url ?? '')));
  const launched = await launchBrowser({ extension: false });
  const page = await launched.browser.newPage();
  const session = await page.createCDPSession();
  await page.exposeFunction('setQuota', async (quotaBytes: number | null) => {
    const { origin } = site;
    await session.send('Storage.overrideQuotaForOrigin', quotaBytes === null ? { origin } : { origin, quotaSize: quotaBytes });
  });
  await page.goto(site.origin);
  await page.waitForFunction(() => 'opfs' in window);
  return {
    page,
    close: async () => {
      await launched.close();
      await site.close();
    },
  };
}

async function readTree(directory: string): Promise<ReadonlyMap<string, { readonly type: string; readonly body: Uint8Array }>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const read = files.map(async (file) => {
    const served = `/${path.relative(directory, file).replaceAll(path.sep, '/')}`;
    return [served, { type: TYPES[path.extname(file)] ?? 'application/octet-stream', body: await readFile(file) }] as const;
  });
  return new Map(await Promise.all(read));
}
