import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { SitePage } from '@/tests/support/static-site';

export type BuiltPage = Readonly<Record<string, SitePage>>;

const WEBTORRENT_SERVICE_WORKER = new URL('../../node_modules/webtorrent/dist/sw.min.js', import.meta.url);

/** @returns the built page with the library's own service worker beside it, by path */
export async function buildWebTorrentPage(): Promise<BuiltPage> {
  const serviceWorker: SitePage = { type: 'text/javascript', body: await readFile(WEBTORRENT_SERVICE_WORKER) };
  return { ...(await buildPage('webtorrent-page')), '/sw.min.js': serviceWorker };
}

export function buildRawPage(): Promise<BuiltPage> {
  return buildPage('raw-page');
}

/** @param folder beside this file, with an `index.html`. @returns the built page, by path */
async function buildPage(folder: string): Promise<BuiltPage> {
  const built = await build({
    root: fileURLToPath(new URL(`${folder}/`, import.meta.url)),
    configFile: false,
    logLevel: 'error',
    build: { write: false, target: 'esnext', modulePreload: false, chunkSizeWarningLimit: 1000 },
  });
  if (!('output' in built)) throw new Error(`The page in ${folder} was not built in one piece.`);
  const pages: Record<string, SitePage> = {};
  for (const file of built.output) {
    const type = file.fileName.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
    pages[file.fileName === 'index.html' ? '/' : `/${file.fileName}`] = { type, body: file.type === 'chunk' ? file.code : file.source };
  }
  return pages;
}
