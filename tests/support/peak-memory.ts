import { readFile } from 'node:fs/promises';
import type { Browser } from 'puppeteer';
import { browserPid } from '@/tests/bench/browser-process';
import { treeOf } from '@/tests/bench/proc/process-tree';
import { readProcesses } from '@/tests/bench/proc/read-proc';

/** The most memory (resident, bytes) that the process of the extension's pages, engine and service worker has had so far. Linux only. */
export async function peakExtensionBytes(browser: Browser): Promise<number> {
  let peakBytes = 0;
  for (const { pid } of treeOf(await readProcesses(), browserPid(browser))) {
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!commandLine.includes('--extension-process')) continue;
    const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
    peakBytes = Math.max(peakBytes, Number(kilobytes ?? 0) * 1024);
  }
  if (peakBytes === 0) throw new Error('No process of this browser belongs to an extension.');
  return peakBytes;
}
