import * as v from 'valibot';
import { browser } from 'wxt/browser';
import { backgroundMessaging, MENU_ENTRIES, overlayMessaging, TOGGLED_MODES } from '@/src/messaging/background-messages';
import { engineSettings } from '@/src/settings/schema';
import { loadSettings } from '@/src/settings/settings-store';
import { offerMenuEntry } from './context-menus';
import { engineAhead } from './engine-ahead';
import { allowAddress, allowedAddress } from './private-address-guard';
import { openPlayerTab, openWelcome, ownUrl, playerUrl } from './own-pages';
import { type PlayerTokens, playerRequest, tokenText } from './player-tokens';
import { createSenderGuard, TOP_FRAME_ID } from './sender-guard';
import { worker } from './service-worker-scope';
import { showFilmCount } from './toolbar-badge';
import { playTorrentLink } from './torrent-links';

/** Of a link to a .torrent file: some have a member's key in them. */
const MAX_LINK_CHARS = 8000;

const torrentLink = v.object({ url: v.pipe(v.string(), v.maxLength(MAX_LINK_CHARS), v.regex(/^https?:/i)) });
const filmCount = v.object({ films: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) });

/** Answers content scripts and our own pages. Each handler decides first who may ask, then whether the question makes sense. */
export function answerPlayerMessages(tokens: PlayerTokens): void {
  const guard = createSenderGuard(browser.runtime.id, location.origin);
  const { onMessage } = backgroundMessaging;

  onMessage('warmEngine', async ({ sender }) => {
    guard.frameOfPage(sender);
    await engineAhead((settings) => ({ type: 'warm', settings }));
  });
  onMessage('playInTopFrame', async ({ sender, data }) => {
    const { tabId, frameId } = guard.frameOfPage(sender);
    const request = { ...v.parse(playerRequest, data), frameId };
    await overlayMessaging.sendMessage('overlayPlay', request, { tabId, frameId: TOP_FRAME_ID });
  });
  onMessage('playTorrent', async ({ sender, data }) => {
    const place = guard.frameOfPage(sender);
    await playTorrentLink(place, v.parse(torrentLink, data).url);
  });
  onMessage('offerMenuEntry', async ({ sender, data }) => {
    guard.frameOfPage(sender);
    const { entry, isOffered } = v.parse(v.object({ entry: v.picklist(MENU_ENTRIES), isOffered: v.boolean() }), data);
    await offerMenuEntry(entry, isOffered);
  });
  onMessage('returnFocus', async ({ sender, data }) => {
    const { tabId } = guard.topFrameOfPage(sender);
    const { frameId } = v.parse(v.object({ frameId: v.number() }), data);
    await overlayMessaging.sendMessage('overlayClosed', undefined, { tabId, frameId });
  });
  onMessage('registerPlayer', async ({ sender, data }) => {
    const { tabId } = guard.topFrameOfPage(sender);
    const request = v.parse(playerRequest, data);
    void engineAhead((settings) => ({ type: 'film', magnet: request.magnet, settings }));
    return { playerUrl: playerUrl(await tokens.register(tabId, request)) };
  });
  onMessage('redeemToken', async ({ sender, data }) => {
    const { tabId, frameId } = guard.playerPage(sender);
    // A player tab reloaded past the cache is not this worker's until it says so, and its film would not be found.
    await worker.clients.claim();
    return tokens.redeem(v.parse(v.object({ token: tokenText }), data).token, tabId, frameId);
  });
  onMessage('closePlayer', async ({ sender }) => {
    const { tabId, frameId } = guard.playerPage(sender);
    if (frameId === TOP_FRAME_ID) await browser.tabs.remove(tabId);
    else await overlayMessaging.sendMessage('overlayClose', undefined, { tabId, frameId: TOP_FRAME_ID });
  });
  onMessage('toggleOverlay', async ({ sender, data }) => {
    const { tabId } = guard.playerPage(sender);
    const request = v.parse(v.object({ mode: v.picklist(TOGGLED_MODES) }), data);
    await overlayMessaging.sendMessage('overlayToggle', request, { tabId, frameId: TOP_FRAME_ID });
  });
  onMessage('focusLeft', async ({ sender }) => {
    const { tabId } = sender.url?.startsWith(ownUrl('/')) === true ? guard.playerPage(sender) : guard.topFrameOfPage(sender);
    await tellFrames(tabId, { isOpen: true });
  });
  onMessage('overlayGone', async ({ sender }) => {
    await tellFrames(guard.topFrameOfPage(sender).tabId, { isOpen: false });
  });
  onMessage('escapePressed', async ({ sender }) => {
    const { tabId } = guard.frameOfPage(sender);
    await overlayMessaging.sendMessage('overlayClose', undefined, { tabId, frameId: TOP_FRAME_ID });
  });
  onMessage('playerReady', async ({ sender }) => {
    const { tabId, frameId } = guard.playerPage(sender);
    if (frameId !== TOP_FRAME_ID) await overlayMessaging.sendMessage('overlayPlayerReady', undefined, { tabId, frameId: TOP_FRAME_ID });
  });
  onMessage('allowAddress', async ({ sender, data }) => {
    guard.ownPage(sender);
    await allowAddress(v.parse(v.object({ url: allowedAddress }), data).url, engineSettings(await loadSettings()));
  });
  onMessage('filmCount', async ({ sender, data }) => {
    guard.ownPage(sender);
    await showFilmCount(v.parse(filmCount, data).films);
  });
  onMessage('openWelcome', async ({ sender }) => {
    guard.ownPage(sender);
    await openWelcome();
  });
  onMessage('openPlayerTab', async ({ sender, data }) => {
    const fromPage = sender.tab !== undefined && !sender.url?.startsWith(ownUrl('/'));
    if (fromPage) guard.topFrameOfPage(sender);
    else guard.ownPage(sender);
    await openPlayerTab(tokens, v.parse(playerRequest, data));
  });

  browser.tabs.onRemoved.addListener((tabId) => void tokens.forgetTab(tabId));
}

/** Whether Esc pressed in them is the overlay's. A page without frames has nobody who answers. */
async function tellFrames(tabId: number, request: { readonly isOpen: boolean }): Promise<void> {
  await overlayMessaging.sendMessage('overlayHearsEscape', request, tabId).catch(() => undefined);
}

/** An unpacked extension is installed anew with each start of the browser: who has agreed before is not asked again. */
export async function welcomeNewViewer(): Promise<void> {
  if ((await loadSettings()).consentedAtMs === null) await openWelcome();
}
