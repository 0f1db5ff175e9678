import { browser } from 'wxt/browser';

/** In a tab: a popup closes as soon as files are chosen. */
export function openSharePage(): void {
  void browser.tabs.create({ url: new URL('/share.html', location.origin).href });
}
