import { BesideButton } from './beside-button';
import { textMagnetAt, type WrittenMagnet } from './text-magnet';

export interface TextMagnetOptions {
  /** Whether clicks on this page are ours at all. */
  readonly mayShow: () => Promise<boolean>;
  readonly play: (magnet: string, button: HTMLElement) => void;
}

/**
 * A small button beside a magnet link that stands on the page as plain text, once the viewer clicks on it: looking for such texts would cost
 * every page, and most of those who click on one mean to play or to copy it. It goes with the next click, scroll or Esc.
 */
export function onTextMagnet(view: Window, signal: AbortSignal, { mayShow, play }: TextMagnetOptions): void {
  let shown: { readonly button: BesideButton; readonly magnet: string } | undefined;
  let closing: AbortController | undefined;
  const show = async ({ magnet, end }: WrittenMagnet, ending: AbortController): Promise<void> => {
    if ((await mayShow()) && !ending.signal.aborted) shown = { button: new BesideButton(view, end, ending, signal), magnet };
  };
  view.addEventListener(
    'click',
    (event) => {
      if (!event.isTrusted || event.button !== 0) return;
      closing?.abort();
      // Before any listener of the page.
      if (shown !== undefined && event.target === shown.button.host) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return play(shown.magnet, shown.button.host);
      }
      const written = textMagnetAt(view.document, event);
      if (written === undefined) return;
      closing = new AbortController();
      void show(written, closing);
    },
    { capture: true, signal },
  );
}
