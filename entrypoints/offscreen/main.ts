import { backgroundMessaging } from '@/src/messaging/background-messages';
import { isPrivateWindow } from '@/src/messaging/offscreen-address';
import { createBrowserEngine } from '@/src/host/browser-engine';
import { serveEngine } from '@/src/host/engine-server';
import { wakeAudio } from '@/src/host/wake-audio';

serveEngine({
  messages: navigator.serviceWorker,
  startEngine: async (settings) => {
    const engine = createBrowserEngine({
      isPrivate: isPrivateWindow(location),
      onFilmCount: (films) => void backgroundMessaging.sendMessage('filmCount', { films }),
    });
    engine.applySettings(settings);
    return engine;
  },
  onFilmExpected: wakeAudio,
  onIdle: () => window.close(),
  // The document's life is the engine's life; the browser ends both.
  signal: new AbortController().signal,
});
navigator.serviceWorker.startMessages();
