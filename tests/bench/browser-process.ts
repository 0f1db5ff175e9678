import type { Browser } from 'puppeteer';
import type { LaunchOptions } from '@/tests/support/launch-browser';

/** For all systems alike. */
export const BENCH_LAUNCH = {
  // A page without the viewer's leave names itself by mDNS instead of its address, which nobody resolves beyond a network namespace.
  args: ['--disable-features=WebRtcHideLocalIpsWithMdns'],
  // Waiting for the end of a long film is one call.
  protocolTimeoutMs: 3_600_000,
} satisfies LaunchOptions;

export function browserPid(browser: Browser): number {
  const pid = browser.process()?.pid;
  if (pid === undefined) throw new Error('The browser is not a process of this machine.');
  return pid;
}
