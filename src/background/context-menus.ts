import { browser } from 'wxt/browser';
import { MENU_ENTRIES, overlayMessaging, type MenuEntry, type PlayerRequest } from '@/src/messaging/background-messages';
import { MAX_MAGNET_CHARS } from '@/src/protocol/engine-api';
import { magnetInText } from '@/src/protocol/magnet-in-text';
import { openPlayerTab } from './own-pages';
import type { PlayerTokens } from './player-tokens';
import { TOP_FRAME_ID } from './sender-guard';
import { playTorrentLink } from './torrent-links';

function titleOf(entry: MenuEntry): string {
  switch (entry) {
    case 'link':
      return chrome.i18n.getMessage('menu_link');
    case 'selection':
      return chrome.i18n.getMessage('menu_selection');
  }
}

/**
 * The browser keeps them from then on. They are hidden until a page offers them: no match pattern would do, since Chromium compares paths
 * and `magnet:?…` has none.
 */
export function createContextMenus(): void {
  for (const entry of MENU_ENTRIES) {
    const title = titleOf(entry);
    chrome.contextMenus.create({ id: entry, title, contexts: [entry], visible: false }, () => {
      // There from an earlier version. To remove all first would take those of the private windows, or of the others, along.
      if (chrome.runtime.lastError !== undefined) void browser.contextMenus.update(entry, { title });
    });
  }
}

export async function offerMenuEntry(entry: MenuEntry, isOffered: boolean): Promise<void> {
  await browser.contextMenus.update(entry, { visible: isOffered });
}

export function answerContextMenus(tokens: PlayerTokens): void {
  browser.contextMenus.onClicked.addListener(({ menuItemId, linkUrl = '', selectionText = '', frameId = TOP_FRAME_ID }, tab) => {
    const tabId = tab?.id;
    if (menuItemId === 'link' && tabId !== undefined && /^https?:/i.test(linkUrl)) {
      void playTorrentLink({ tabId, frameId }, linkUrl);
      return;
    }
    const magnet = menuItemId === 'link' ? linkUrl.slice(0, MAX_MAGNET_CHARS) : magnetInText(selectionText);
    if (magnet !== undefined) void play(tokens, tabId, { magnet, clickedAtMs: Date.now() });
  });
}

/** Over the page, or in a tab of its own where the page is none that content scripts run in. */
async function play(tokens: PlayerTokens, tabId: number | undefined, request: PlayerRequest): Promise<void> {
  try {
    if (tabId === undefined) throw new Error('The menu was not that of a tab.');
    await overlayMessaging.sendMessage('overlayPlay', request, { tabId, frameId: TOP_FRAME_ID });
  } catch {
    await openPlayerTab(tokens, request);
  }
}
