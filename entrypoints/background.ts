import { browser } from 'wxt/browser';
import { defineBackground } from 'wxt/utils/define-background';
import { answerPlayerMessages, welcomeNewViewer } from '@/src/background/player-messages';
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
    answerPlayerMessages();
    feedSettings(new AbortController().signal);
    browser.runtime.onInstalled.addListener(({ reason }) => {
      if (reason === 'install') void welcomeNewViewer();
    });
  },
});
