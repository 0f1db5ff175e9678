import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { SitePage } from '@/tests/support/static-site';

const PAGE_DIRECTORY = fileURLToPath(new URL('.', import.meta.url));
const SERVICE_WORKER = new URL('../../../node_modules/webtorrent/dist/sw.min.js', import.meta.url);

/** @returns the built page with the library's own service worker beside it, by path */
export async function buildWebTorrentPage(): Promise<Readonly<Record<string, SitePage>>> {
  const built = await build({
    root: PAGE_DIRECTORY,
    configFile: false,
    logLevel: 'error',
    build: { write: false, target: 'esnext', modulePreload: false, chunkSizeWarningLimit: 1000 },
  });
  if (!('output' in built)) throw new Error('The WebTorrent page was not built in one piece.');
  const pages: Record<string, SitePage> = { '/sw.min.js': { type: 'text/javascript', body: await readFile(SERVICE_WORKER) } };
  for (const file of built.output) {
    const type = file.fileName.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
    pages[file.fileName === 'index.html' ? '/' : `/${file.fileName}`] = { type, body: file.type === 'chunk' ? file.code : file.source };
  }
  return pages;
}
