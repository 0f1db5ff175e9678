import { BesideButton, DWELL_MS } from './beside-button';
import { holdsTextMagnet, textMagnetAt } from './text-magnet';

export interface TextMagnetOptions {
  /** Whether clicks on this page are ours at all. */
  readonly mayShow: () => Promise<boolean>;
  readonly play: (magnet: string, button: HTMLElement) => void;
}

/**
 * A small button beside a magnet link that stands on the page as plain text, once the pointer stays upon it or the viewer clicks on it: looking
 * for such texts would cost every page. It goes when the pointer goes elsewhere, and with the next click, scroll or Esc.
 */
export function onTextMagnet(view: Window, signal: AbortSignal, { mayShow, play }: TextMagnetOptions): void {
  let shown: { readonly button: BesideButton; readonly magnet: string } | undefined;
  let closing: AbortController | undefined;
  let leaving: AbortController | undefined;
  const close = (): void => closing?.abort();
  const show = async (event: MouseEvent): Promise<void> => {
    const written = textMagnetAt(view.document, event);
    // On the way to the button the pointer may rest beside the link.
    if (written === undefined || written.magnet === shown?.magnet) return;
    close();
    const ending = (closing = new AbortController());
    // The button closes itself as well.
    ending.signal.addEventListener('abort', () => (shown = undefined), { once: true });
    if ((await mayShow()) && !ending.signal.aborted) {
      shown = { button: new BesideButton(view, written.end, ending, signal), magnet: written.magnet };
    }
  };
  view.addEventListener(
    'click',
    (event) => {
      if (!event.isTrusted || event.button !== 0) return;
      // Before any listener of the page.
      if (shown !== undefined && event.target === shown.button.host) {
        const { button, magnet } = shown;
        event.preventDefault();
        event.stopImmediatePropagation();
        close();
        return play(magnet, button.host);
      }
      leaving?.abort();
      close();
      if (holdsTextMagnet(event.composedPath()[0])) void show(event);
    },
    { capture: true, signal },
  );
  view.addEventListener(
    'pointerover',
    (event) => {
      if (!event.isTrusted || (shown !== undefined && event.target === shown.button.host)) return;
      const [entered] = event.composedPath();
      leaving?.abort();
      close();
      if (!holdsTextMagnet(entered)) return;
      leaving = new AbortController();
      const until = AbortSignal.any([signal, leaving.signal]);
      let resting: ReturnType<typeof setTimeout>;
      const move = (moved: PointerEvent): void => {
        clearTimeout(resting);
        resting = setTimeout(() => {
          if (!until.aborted) void show(moved);
        }, DWELL_MS);
      };
      move(event);
      entered.addEventListener('pointermove', (moved) => move(moved as PointerEvent), { passive: true, signal: until });
    },
    { capture: true, passive: true, signal },
  );
}
