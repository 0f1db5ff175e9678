import { defineExtensionMessaging } from '@webext-core/messaging';
import type { Notice } from '@/src/protocol/notice';

export interface PlayerRequest {
  readonly magnet: string;
  /** When the viewer clicked, in ms since the epoch: the start of the timeline. */
  readonly clickedAtMs: number;
}

export type RedeemAnswer = PlayerRequest | { readonly refused: Notice };

export type FetchedTorrent = { readonly ok: true; readonly base64Url: string } | { readonly ok: false; readonly message: string };

/** What *Play with Lodestream* in the browser's own menu is about. */
export const MENU_ENTRIES = ['link', 'selection'] as const;
export type MenuEntry = (typeof MENU_ENTRIES)[number];

/** Ways to show the overlay other than as a window. */
export const TOGGLED_MODES = ['mini', 'fill'] as const;
export type ToggledMode = (typeof TOGGLED_MODES)[number];

/** Requests to the service worker. It checks each payload and who may send it; a refusal rejects with a sentence. */
export interface BackgroundMessages {
  /** Content script: the pointer went down on a magnet link. Nothing happens before consent. */
  warmEngine(): void;
  /** Content script: a magnet link was clicked. The address answered works in one frame of this tab only. */
  registerPlayer(request: PlayerRequest): { readonly playerUrl: string };
  /** Content script of a frame inside the page: a magnet link was clicked there. Rejects where the page itself has no content script. */
  playInTopFrame(request: PlayerRequest): void;
  /** Content script: the button beside a link to a .torrent file in this frame was pressed. */
  playTorrent(request: { readonly url: string }): void;
  /** Content script: the link under the pointer, or the text marked, in this frame is or contains a link to play now, or does so no longer. */
  offerMenuEntry(request: { readonly entry: MenuEntry; readonly isOffered: boolean }): void;
  /** Content script: the player has closed that this frame of the tab had asked for, and its link may have the focus back. */
  returnFocus(request: { readonly frameId: number }): void;
  /** Player page: trades the token in its hash for the magnet link. Works again after a reload of the same frame. */
  redeemToken(request: { readonly token: string }): RedeemAnswer;
  /** Player page: close the overlay this frame lives in. */
  closePlayer(): void;
  /** Player page: the overlay this frame lives in goes into this mode, or from it back to a window. */
  toggleOverlay(request: { readonly mode: ToggledMode }): void;
  /** Content script of a page with an overlay, or the player in it: the focus has left it, maybe for another frame of the page. */
  focusLeft(): void;
  /** Content script of a page: its overlay has closed, and no other frame need listen for it any more. */
  overlayGone(): void;
  /** Content script of a frame inside the page, once it was told to: Esc was pressed there. */
  escapePressed(): void;
  /** Player page: it runs, so the page allows the frame. */
  playerReady(): void;
  /** Any of our pages: the viewer typed or allowed this address (http, https, ws or wss), which may be one of the own network. */
  allowAddress(request: { readonly url: string }): void;
  /** Engine: so many films are open in pages. */
  filmCount(request: { readonly films: number }): void;
  /** Any of our pages: bring up the consent page. */
  openWelcome(): void;
  /** Content script or any of our pages: play in a tab of its own, for pages that cannot host the frame. */
  openPlayerTab(request: PlayerRequest): void;
}

/** What comes of a .torrent file counts only as long as the overlay waits for it: the viewer may close it, or choose another film. */
export interface AwaitedFile {
  readonly fileId: string;
}

/** The service worker to the content scripts of a tab: but where it says otherwise, to the one in the top frame. */
export interface OverlayMessages {
  /** A magnet link was clicked in this frame inside the page; without a frame, it was chosen in the browser's own menu. */
  overlayPlay(request: PlayerRequest & { readonly frameId?: number } & Partial<AwaitedFile>): void;
  overlayPlayerReady(): void;
  overlayClose(): void;
  overlayToggle(request: { readonly mode: ToggledMode }): void;
  /** To all frames of the tab: there is an overlay, and Esc closes it from wherever the focus is; or there is none any more. */
  overlayHearsEscape(request: { readonly isOpen: boolean }): void;
  /** Popup: the host name of the page, for its switch. */
  siteOfPage(): string;
  /** Covers the stage with a sentence until this file's film comes; opens the overlay if there is none. */
  overlayAwait(request: AwaitedFile & { readonly sentence: string }): void;
  /** Says why there is no film, if this file's is still awaited. */
  overlayExplain(request: AwaitedFile & { readonly sentence: string }): void;
  /** To any frame: a link to a .torrent file in it was chosen in the browser's menu. */
  fetchTorrent(request: { readonly url: string }): FetchedTorrent;
  /** To a frame inside the page: the player it asked for is gone. */
  overlayClosed(): void;
}

export const backgroundMessaging = defineExtensionMessaging<BackgroundMessages>();
export const overlayMessaging = defineExtensionMessaging<OverlayMessages>();
