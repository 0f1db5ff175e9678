import { defineContentScript } from 'wxt/utils/define-content-script';
import { backgroundMessaging, type MenuEntry } from '@/src/messaging/background-messages';
import { onMagnetClick, onMagnetPress } from '@/src/page/magnet-clicks';
import { onMarkedMagnet } from '@/src/page/marked-magnet';
import { onPointedMagnet } from '@/src/page/pointed-magnet';
import { playHere, playInTopFrame } from '@/src/page/play-click';

export default defineContentScript({
  matches: ['<all_urls>'],
  allFrames: true,
  // Frames without an address of their own (`srcdoc`, `blob:`, `about:blank`) as well.
  matchOriginAsFallback: true,
  // Before the page's own scripts, so that no listener of theirs swallows the click first; waiting until idle would save nothing.
  runAt: 'document_start',
  // Else the framework would announce the extension to every page by window.postMessage.
  noScriptStartedPostMessage: true,
  main(context) {
    const play = window === window.top ? playHere(window, context.signal) : playInTopFrame(context.signal);
    onMagnetPress(window, context.signal, () => {
      if (!context.isInvalid) void backgroundMessaging.sendMessage('warmEngine');
    });
    const offer = (entry: MenuEntry) => (isOffered: boolean) => {
      if (!context.isInvalid) void backgroundMessaging.sendMessage('offerMenuEntry', { entry, isOffered });
    };
    onPointedMagnet(window, context.signal, offer('link'));
    onMarkedMagnet(window, context.signal, offer('selection'));
    onMagnetClick(window, context.signal, (click) => {
      // After an update of the extension this script is an orphan: asking notices, and the link works as if it were not there.
      if (context.isInvalid) return false;
      play(click);
      return true;
    });
  },
});
