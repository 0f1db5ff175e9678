import { setTimeout as wait } from 'node:timers/promises';
import { launchBrowser } from '@/tests/support/launch-browser';
import { serveSite } from '@/tests/support/static-site';
import { BENCH_LAUNCH, browserPid } from './browser-process';
import { treeOf } from './proc/process-tree';
import { readProcesses, readPssBytes } from './proc/read-proc';

/** A browser that has just started is still busy with itself. */
const SETTLE_MS = 3000;

/**
 * Memory of a browser without the extension that shows an empty page. Taken anew while the same other browsers run as in the runs it is
 * compared with: all of them share the program's own pages, and PSS divides those by how many there are.
 */
export async function idleBrowserPssBytes(): Promise<number> {
  const site = await serveSite({ '/': '<!doctype html><title>Empty</title>' });
  const launched = await launchBrowser({ extension: false, ...BENCH_LAUNCH });
  try {
    const page = await launched.browser.newPage();
    await page.goto(site.origin);
    await wait(SETTLE_MS);
    return await readPssBytes(treeOf(await readProcesses(), browserPid(launched.browser)));
  } finally {
    await launched.close();
    await site.close();
  }
}
