import type { BackgroundMessages, ToggledMode } from '@/src/messaging/background-messages';
import { KeptPlace } from './kept-place';
import type { MagnetClick } from './magnet-clicks';
import { openOverlay, type Overlay } from './overlay';
import { PlayerAhead } from './player-ahead';

/** A service worker that is asleep answers in about 0.1 s. */
const ANSWER_TIMEOUT_MS = 5_000;
/** A frame the page forbids (CSP `sandbox`) fails in silence; one that is allowed reports within a second, even on a slow machine. */
const READY_TIMEOUT_MS = 3_000;

type RegisteredPlayer = ReturnType<PlayerService['registerPlayer']>;

/** What the overlay asks of the service worker. */
export interface PlayerService {
  registerPlayer(request: Parameters<BackgroundMessages['registerPlayer']>[0]): Promise<{ readonly playerUrl: string }>;
  openPlayerTab(request: Parameters<BackgroundMessages['openPlayerTab']>[0]): Promise<void>;
  focusLeft(): Promise<void>;
  overlayGone(): Promise<void>;
}

/** The one overlay of a tab: a click opens it, the next click plays another film in it. */
export class PlayerOverlay {
  readonly #view: Window;
  readonly #service: PlayerService;
  readonly #signal: AbortSignal;
  readonly #kept = new KeptPlace();
  readonly #ahead: PlayerAhead;
  #open: OpenOverlay | undefined;
  #awaitedFileId: string | undefined;

  constructor(view: Window, service: PlayerService, signal: AbortSignal) {
    this.#view = view;
    this.#service = service;
    this.#signal = signal;
    this.#ahead = new PlayerAhead(view.document, signal);
    // From the beginning, so that no listener of the page comes before.
    view.addEventListener(
      'keydown',
      (event) => {
        if (this.#open === undefined || event.key !== 'Escape' || !event.isTrusted || event.isComposing) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        this.close();
      },
      { capture: true, signal },
    );
    // Dialogs of pages fetch the focus back that leaves them; what they do not hear of they let go.
    for (const type of ['focusin', 'focus']) {
      view.addEventListener(type, (event) => event.target === this.#open?.overlay.host && event.stopImmediatePropagation(), {
        capture: true,
        signal,
      });
    }
  }

  /** A click may be on its way: the button is down. */
  prepare(): void {
    this.#ahead.load();
  }

  /**
   * @param click without a link, what has the focus in the page gets it back when the player closes
   * @param isAgain the page threw the player out once: if it does so again, the film goes on in a tab
   */
  play(click: PlayedClick, isAgain = false): void {
    // Asked before anything is drawn: the film waits for it, and drawing takes the page some ms.
    const registered = this.#service.registerPlayer({ magnet: click.magnet, clickedAtMs: click.clickedAtMs });
    const open = this.#take(click.link);
    open.film = new AbortController();
    open.onTab = () => this.#playInTab(click);
    open.onLost = () => (isAgain ? this.#playInTab(click) : this.play(click, true));
    void this.#load(open.overlay, click, registered, AbortSignal.any([open.closing.signal, open.film.signal]));
  }

  /** Says why there is no film, or not yet: then it is that of the .torrent file awaited. */
  explain(sentence: string, awaitedFileId?: string): void {
    const { overlay } = this.#take(undefined);
    this.#awaitedFileId = awaitedFileId;
    overlay.removePlayer();
    overlay.showNotice(sentence);
  }

  /** Whether the overlay has neither closed nor turned to something else since it began to wait for this file. */
  awaits(fileId: string): boolean {
    return this.#awaitedFileId === fileId;
  }

  /** The player in the frame runs. */
  playerReady(): void {
    if (this.#open === undefined) return;
    this.#open.overlay.hideNotice();
    this.#open.overlay.focusPlayer();
    this.#open.film?.abort();
  }

  /** Into this mode, or from it back to a window. */
  toggle(mode: ToggledMode): void {
    this.#open?.overlay.toggle(mode);
  }

  /** The overlay, for another film than before. */
  #take(link: PlayedClick['link']): OpenOverlay {
    // A page may have thrown the element out, or hidden all of itself.
    if (this.#open?.overlay.isShown() === false) this.close();
    const { activeElement } = this.#view.document;
    const focused = activeElement === this.#open?.overlay.host ? this.#open?.link : focusedElement(activeElement);
    const open = this.#open ?? this.#openOverlay();
    if (this.#open === undefined) {
      this.#open = open;
      open.overlay.focusShell();
    }
    this.#awaitedFileId = undefined;
    open.film?.abort();
    open.film = undefined;
    open.onTab = undefined;
    open.onLost = undefined;
    open.link = link ?? focused;
    return open;
  }

  close(): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    this.#awaitedFileId = undefined;
    const { activeElement, body } = this.#view.document;
    const hadFocus = activeElement === null || activeElement === body || activeElement === open.overlay.host;
    open.closing.abort();
    void this.#service.overlayGone().catch(() => undefined);
    if (hadFocus && open.link?.isConnected === true) open.link.focus({ preventScroll: true });
  }

  #openOverlay(): OpenOverlay {
    const closing = new AbortController();
    const signal = AbortSignal.any([this.#signal, closing.signal]);
    const overlay = openOverlay(this.#view.document, this.#kept, signal, {
      onClose: () => this.close(),
      onTab: () => this.#open?.onTab?.(),
      onLost: () => this.#open?.onLost?.(),
    });
    // Keys pressed in other frames of the page do not come here.
    this.#view.addEventListener('blur', () => void this.#service.focusLeft().catch(() => undefined), { signal });
    return { overlay, closing, film: undefined, link: undefined, onTab: undefined, onLost: undefined };
  }

  #playInTab({ magnet, clickedAtMs }: PlayedClick): void {
    this.close();
    void this.#service.openPlayerTab({ magnet, clickedAtMs });
  }

  async #load(overlay: Overlay, click: PlayedClick, registered: RegisteredPlayer, signal: AbortSignal): Promise<void> {
    overlay.showNotice(chrome.i18n.getMessage('overlay_opening'));
    // Asked for now: when the extension has gone there may be no texts either.
    const noAnswer = chrome.i18n.getMessage('overlay_noAnswer');
    const unanswered = setTimeout(() => overlay.showNotice(noAnswer), ANSWER_TIMEOUT_MS);
    signal.addEventListener('abort', () => clearTimeout(unanswered), { once: true });
    try {
      const { playerUrl } = await registered;
      if (signal.aborted) return;
      overlay.showPlayer((stage) => this.#ahead.show(stage, playerUrl));
    } catch {
      if (!signal.aborted) overlay.showNotice(noAnswer);
      return;
    } finally {
      clearTimeout(unanswered);
    }
    const forbidden = setTimeout(
      () =>
        overlay.showNotice(chrome.i18n.getMessage('overlay_notAllowed'), {
          label: chrome.i18n.getMessage('overlay_playInTab'),
          run: () => this.#playInTab(click),
        }),
      READY_TIMEOUT_MS,
    );
    signal.addEventListener('abort', () => clearTimeout(forbidden), { once: true });
  }
}

export interface PlayedClick extends Pick<MagnetClick, 'magnet' | 'clickedAtMs'> {
  readonly link?: Pick<MagnetClick['link'], 'isConnected' | 'focus'> | undefined;
}

/** In the page's open shadow roots as well. */
function focusedElement(active: Element | null): MagnetClick['link'] | undefined {
  const inside = active?.shadowRoot?.activeElement ?? null;
  if (inside !== null) return focusedElement(inside);
  return active instanceof HTMLElement || active instanceof SVGElement ? active : undefined;
}

interface OpenOverlay {
  readonly overlay: Overlay;
  readonly closing: AbortController;
  /** Aborts when another film takes the overlay, or when the player runs and needs no watching. */
  film: AbortController | undefined;
  link: PlayedClick['link'] | undefined;
  onTab: (() => void) | undefined;
  /** The page has thrown the overlay out, or hidden it. */
  onLost: (() => void) | undefined;
}
