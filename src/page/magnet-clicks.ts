export interface MagnetClick {
  readonly magnet: string;
  /** Gets the focus back when the player closes. */
  readonly link: HTMLElement;
  /** In ms since the epoch. */
  readonly clickedAtMs: number;
}

/**
 * Hears every click on a magnet link of this document, whenever the link came into being: one capturing listener on the window,
 * so that ten thousand links cost what one costs and added links need no observer. Set up before the page's own scripts it also comes
 * before their listeners.
 * @param onClick returns whether it took the click; else the page and the system see it as ever
 */
export function onMagnetClick(view: Window, signal: AbortSignal, onClick: (click: MagnetClick) => boolean): void {
  view.addEventListener(
    'click',
    (event) => {
      const link = isPlainClick(event) ? magnetLinkOf(event) : undefined;
      if (link === undefined || !onClick({ magnet: link.href, link, clickedAtMs: Date.now() })) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true, signal },
  );
}

/** Hears a pointer go down on a magnet link, as it does a tenth of a second before the click it may become. */
export function onMagnetPress(view: Window, signal: AbortSignal, onPress: () => void): void {
  view.addEventListener(
    'pointerdown',
    (event) => {
      if (isPlainClick(event) && magnetLinkOf(event) !== undefined) onPress();
    },
    { capture: true, passive: true, signal },
  );
}

/** By the viewer and not a script; modifier keys keep their meaning (Alt: the system's own torrent client). Enter on a focused link counts. */
function isPlainClick(event: MouseEvent): boolean {
  return event.isTrusted && event.button === 0 && !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
}

function magnetLinkOf(event: Event): HTMLAnchorElement | HTMLAreaElement | undefined {
  return event.composedPath().find(isMagnetLink);
}

/** The parsed protocol rather than the attribute's text: browsers allow upper case and blanks around it. */
function isMagnetLink(target: EventTarget): target is HTMLAnchorElement | HTMLAreaElement {
  return (target instanceof HTMLAnchorElement || target instanceof HTMLAreaElement) && target.protocol === 'magnet:';
}
