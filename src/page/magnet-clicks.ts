import { magnetTargetOf, type MagnetTarget } from './magnet-target';

export interface MagnetClick {
  readonly magnet: string;
  /** Gets the focus back when the player closes. */
  readonly link: MagnetTarget['element'];
  /** In ms since the epoch. */
  readonly clickedAtMs: number;
  /** For who took the click and could do nothing with it: page and browser get it after all, as one made by a script. */
  readonly handBack: () => void;
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
      const target = isPlainClick(event) ? magnetTargetOf(event) : undefined;
      if (target === undefined || endsSelection(view, target.element)) return;
      const [clicked] = event.composedPath();
      const handBack = (): void => void clicked?.dispatchEvent(new PointerEvent(event.type, event));
      if (!onClick({ magnet: target.magnet, link: target.element, clickedAtMs: Date.now(), handBack })) return;
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
      if (isPlainClick(event) && magnetTargetOf(event) !== undefined) onPress();
    },
    { capture: true, passive: true, signal },
  );
}

/** By the viewer and not a script; modifier keys keep their meaning (Alt: the system's own torrent client). Enter on a focused link counts. */
function isPlainClick(event: MouseEvent): boolean {
  return event.isTrusted && event.button === 0 && !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
}

/** A text was marked by dragging: browsers call that a click, too. Of links and buttons nothing can be marked that way. */
function endsSelection(view: Window, element: Element): boolean {
  if (element.matches('a, area, button, input')) return false;
  const selection = view.getSelection();
  return selection?.isCollapsed === false && selection.containsNode(element, true);
}
