import { defineContentScript } from 'wxt/utils/define-content-script';
import { backgroundMessaging, overlayMessaging } from '@/src/messaging/background-messages';
import { onMagnetClick, onMagnetPress } from '@/src/page/magnet-clicks';
import { PlayerOverlay } from '@/src/page/player-overlay';

export default defineContentScript({
  matches: ['<all_urls>'],
  // Before the page's own scripts, so that no listener of theirs swallows the click first; waiting until idle would save nothing.
  runAt: 'document_start',
  // Else the framework would announce the extension to every page by window.postMessage.
  noScriptStartedPostMessage: true,
  main(context) {
    const overlay = new PlayerOverlay(
      window,
      {
        registerPlayer: (request) => backgroundMessaging.sendMessage('registerPlayer', request),
        openPlayerTab: (request) => backgroundMessaging.sendMessage('openPlayerTab', request),
      },
      context.signal,
    );
    context.onInvalidated(overlayMessaging.onMessage('overlayPlayerReady', () => overlay.playerReady()));
    context.onInvalidated(overlayMessaging.onMessage('overlayClose', () => overlay.close()));
    onMagnetPress(window, context.signal, () => {
      if (!context.isInvalid) void backgroundMessaging.sendMessage('warmEngine');
    });
    onMagnetClick(window, context.signal, (click) => {
      // After an update of the extension this script is an orphan: asking notices, and the link works as if it were not there.
      if (context.isInvalid) return false;
      overlay.play(click);
      return true;
    });
  },
});
