import type { Browser } from 'puppeteer';

/** A page without the viewer's leave names itself by mDNS instead of its address, which nobody resolves beyond a network namespace. For all systems alike. */
export const BENCH_SWITCHES = ['--disable-features=WebRtcHideLocalIpsWithMdns'];

export function browserPid(browser: Browser): number {
  const pid = browser.process()?.pid;
  if (pid === undefined) throw new Error('The browser is not a process of this machine.');
  return pid;
}
