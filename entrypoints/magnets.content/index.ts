import type { ContentScriptContext } from 'wxt/utils/content-script-context';
import { defineContentScript } from 'wxt/utils/define-content-script';
import { backgroundMessaging, overlayMessaging } from '@/src/messaging/background-messages';
import { onMagnetClick, onMagnetPress, type MagnetClick } from '@/src/page/magnet-clicks';
import { PlayerOverlay } from '@/src/page/player-overlay';

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
    const play = window === window.top ? playHere(context) : playInTopFrame(context);
    onMagnetPress(window, context.signal, () => {
      if (!context.isInvalid) void backgroundMessaging.sendMessage('warmEngine');
    });
    onMagnetClick(window, context.signal, (click) => {
      // After an update of the extension this script is an orphan: asking notices, and the link works as if it were not there.
      if (context.isInvalid) return false;
      play(click);
      return true;
    });
  },
});

function playHere(context: ContentScriptContext): (click: MagnetClick) => void {
  const overlay = new PlayerOverlay(
    window,
    {
      registerPlayer: (request) => backgroundMessaging.sendMessage('registerPlayer', request),
      openPlayerTab: (request) => backgroundMessaging.sendMessage('openPlayerTab', request),
    },
    context.signal,
  );
  context.onInvalidated(overlayMessaging.onMessage('overlayPlay', ({ data }) => overlay.play({ ...data, link: linkIn(data.frameId) })));
  context.onInvalidated(overlayMessaging.onMessage('overlayPlayerReady', () => overlay.playerReady()));
  context.onInvalidated(overlayMessaging.onMessage('overlayClose', () => overlay.close()));
  return (click) => overlay.play(click);
}

/** The link clicked in a frame inside the page. A frame that is gone takes nothing back. */
function linkIn(frameId: number): Parameters<PlayerOverlay['play']>[0]['link'] {
  return { isConnected: true, focus: () => void backgroundMessaging.sendMessage('returnFocus', { frameId }).catch(() => undefined) };
}

/** One player a tab, in the page itself, where there is room for it. */
function playInTopFrame(context: ContentScriptContext): (click: MagnetClick) => void {
  let played: MagnetClick | undefined;
  context.onInvalidated(overlayMessaging.onMessage('overlayClosed', () => played?.link.focus({ preventScroll: true })));
  return (click) => {
    played = click;
    backgroundMessaging.sendMessage('playInTopFrame', { magnet: click.magnet, clickedAtMs: click.clickedAtMs }).catch(click.handBack);
  };
}
