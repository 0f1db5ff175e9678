import { browser } from 'wxt/browser';
import { defineBackground } from 'wxt/utils/define-background';
import { answerContextMenus, createContextMenus } from '@/src/background/context-menus';
import { answerPlayerMessages, welcomeNewViewer } from '@/src/background/player-messages';
import { PlayerTokens } from '@/src/background/player-tokens';
import { routePort } from '@/src/background/port-router';
import { worker } from '@/src/background/service-worker-scope';
import { feedSettings } from '@/src/background/settings-feed';
import { answerStreamRequest } from '@/src/background/stream-requests';

/** Listeners only, all set up before the first await: the browser starts this worker for one event and kills it at will. */
export default defineBackground({
  type: 'module',
  main() {
    worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));
    worker.addEventListener('fetch', answerStreamRequest);
    worker.addEventListener('message', routePort);
    const tokens = new PlayerTokens(browser.storage.session);
    answerPlayerMessages(tokens);
    answerContextMenus(tokens);
    feedSettings(new AbortController().signal);
    // Private windows have menus of their own, which the browser forgets with them, and are told of no installation.
    if (chrome.extension.inIncognitoContext) createContextMenus();
    browser.runtime.onInstalled.addListener(({ reason }) => {
      createContextMenus();
      if (reason === 'install') void welcomeNewViewer();
    });
  },
});
