import { defineContentScript } from 'wxt/utils/define-content-script';
import { backgroundMessaging, overlayMessaging, type MenuEntry } from '@/src/messaging/background-messages';
import { fetchTorrent } from '@/src/page/fetch-torrent';
import { onMagnetClick, onMagnetPress } from '@/src/page/magnet-clicks';
import { onMarkedMagnet } from '@/src/page/marked-magnet';
import { onPointedMagnet } from '@/src/page/pointed-magnet';
import { siteOf, SiteSwitch } from '@/src/page/site-switch';
import { onTextMagnet } from '@/src/page/text-magnet-button';
import { playHere, playInTopFrame } from '@/src/page/play-click';
import { onTorrentLink } from '@/src/page/torrent-link-button';

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
    const { prepare, play } = window === window.top ? playHere(window, context.signal) : playInTopFrame(window, context.signal);
    const siteSwitch = new SiteSwitch(siteOf(window), context.signal);
    onMagnetPress(window, context.signal, () => {
      if (context.isInvalid) return;
      void siteSwitch.learn().then((isOff) => isOff || prepare());
      if (siteSwitch.isOff !== true) void backgroundMessaging.sendMessage('warmEngine');
    });
    context.onInvalidated(overlayMessaging.onMessage('fetchTorrent', ({ data }) => fetchTorrent(data.url)));
    const offer = (entry: MenuEntry) => (isOffered: boolean) => {
      if (!context.isInvalid) void backgroundMessaging.sendMessage('offerMenuEntry', { entry, isOffered });
    };
    const offerLink = offer('link');
    onPointedMagnet(window, context.signal, (isPointed) => {
      if (isPointed && !context.isInvalid) void siteSwitch.learn();
      offerLink(isPointed);
    });
    onMarkedMagnet(window, context.signal, offer('selection'));
    const mayShow = async (): Promise<boolean> => !context.isInvalid && !(await siteSwitch.learn());
    onTextMagnet(window, context.signal, {
      mayShow,
      play: (magnet, link) => play({ magnet, link, clickedAtMs: Date.now(), handBack: () => undefined }),
    });
    onTorrentLink(window, context.signal, { mayShow, play: (url) => void backgroundMessaging.sendMessage('playTorrent', { url }) });
    onMagnetClick(window, context.signal, (click) => {
      // After an update of the extension this script is an orphan: asking notices, and the link works as if it were not there.
      if (context.isInvalid || siteSwitch.isOff === true) return false;
      if (siteSwitch.isOff === false) play(click);
      else void siteSwitch.learn().then((isOff) => (isOff ? click.handBack() : play(click)));
      return true;
    });
  },
});
