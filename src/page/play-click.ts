import { backgroundMessaging, overlayMessaging } from '@/src/messaging/background-messages';
import type { MagnetClick } from './magnet-clicks';
import { PlayerOverlay, type PlayedClick } from './player-overlay';

/** What becomes of the presses and clicks on magnets. */
export interface MagnetPlay {
  /** The button is down: it may be the beginning of a click. */
  readonly prepare: () => void;
  readonly play: (click: MagnetClick) => void;
}

/** In the top frame: plays its clicks and, as the service worker says, those of frames inside it and of the browser's menu. */
export function playHere(view: Window, signal: AbortSignal): MagnetPlay {
  const overlay = new PlayerOverlay(
    view,
    {
      registerPlayer: (request) => backgroundMessaging.sendMessage('registerPlayer', request),
      openPlayerTab: (request) => backgroundMessaging.sendMessage('openPlayerTab', request),
      focusLeft: () => backgroundMessaging.sendMessage('focusLeft'),
      overlayGone: () => backgroundMessaging.sendMessage('overlayGone'),
    },
    signal,
  );
  const listening = [
    overlayMessaging.onMessage('overlayPlay', ({ data: { frameId, fileId, ...request } }) => {
      if (fileId === undefined || overlay.awaits(fileId)) overlay.play({ ...request, link: linkIn(frameId) });
    }),
    overlayMessaging.onMessage('overlayPlayerReady', () => overlay.playerReady()),
    overlayMessaging.onMessage('overlayAwait', ({ data }) => overlay.explain(data.sentence, data.fileId)),
    overlayMessaging.onMessage('overlayExplain', ({ data }) => {
      if (overlay.awaits(data.fileId)) overlay.explain(data.sentence);
    }),
    overlayMessaging.onMessage('overlayClose', () => overlay.close()),
    overlayMessaging.onMessage('overlayToggle', ({ data }) => overlay.toggle(data.mode)),
    overlayMessaging.onMessage('siteOfPage', () => view.location.hostname),
  ];
  for (const stop of listening) signal.addEventListener('abort', stop, { once: true });
  return { prepare: () => overlay.prepare(), play: (click) => overlay.play(click) };
}

/** In a frame inside the page: one player a tab, in the page itself, where there is room for it. */
export function playInTopFrame(view: Window, signal: AbortSignal): MagnetPlay {
  let played: MagnetClick | undefined;
  const listening = [
    overlayMessaging.onMessage('overlayClosed', () => played?.link.focus({ preventScroll: true })),
    overlayMessaging.onMessage('overlayHearsEscape', ({ data: { isOpen } }) => {
      // The same listener each time: it is added once.
      if (isOpen) view.addEventListener('keydown', passEscapeOn, { capture: true, signal });
      else view.removeEventListener('keydown', passEscapeOn, { capture: true });
    }),
  ];
  for (const stop of listening) signal.addEventListener('abort', stop, { once: true });
  return {
    prepare: () => undefined,
    play: (click) => {
      played = click;
      backgroundMessaging.sendMessage('playInTopFrame', { magnet: click.magnet, clickedAtMs: click.clickedAtMs }).catch(click.handBack);
    },
  };
}

/** The frame has the key as well: it may have something open of its own. */
function passEscapeOn({ key, isTrusted, isComposing }: KeyboardEvent): void {
  if (key === 'Escape' && isTrusted && !isComposing) void backgroundMessaging.sendMessage('escapePressed').catch(() => undefined);
}

/** The link clicked in a frame inside the page. A frame that is gone takes nothing back. */
function linkIn(frameId: number | undefined): PlayedClick['link'] {
  if (frameId === undefined) return undefined;
  return { isConnected: true, focus: () => void backgroundMessaging.sendMessage('returnFocus', { frameId }).catch(() => undefined) };
}
