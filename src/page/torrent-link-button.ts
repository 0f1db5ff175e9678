import { BesideButton, DWELL_MS } from './beside-button';
import { isTorrentLink } from './torrent-link';

export interface TorrentLinkOptions {
  /** Whether clicks on this page are ours at all. */
  readonly mayShow: () => Promise<boolean>;
  readonly play: (url: string) => void;
}

interface Upon {
  readonly link: HTMLAnchorElement | HTMLAreaElement;
  readonly closing: AbortController;
  button?: BesideButton;
}

/**
 * A small button beside a link to a .torrent file, as long as the pointer or the focus is upon the link or the button. A click on the link
 * itself is left to the page, which gives the file to whoever wants that.
 */
export function onTorrentLink(view: Window, signal: AbortSignal, { mayShow, play }: TorrentLinkOptions): void {
  let upon: Upon | undefined;
  const show = async (here: Upon): Promise<void> => {
    const place = [...here.link.getClientRects()].at(-1);
    if (place === undefined || !(await mayShow()) || here.closing.signal.aborted) return;
    here.button = new BesideButton(view, place, here.closing, signal);
  };
  const look = (event: Event): void => {
    if (!event.isTrusted || (upon?.button !== undefined && event.target === upon.button.host)) return;
    const link = event.composedPath().find(isTorrentLink);
    if (link === upon?.link) return;
    upon?.closing.abort();
    upon = undefined;
    if (link === undefined) return;
    const here: Upon = (upon = { link, closing: new AbortController() });
    const timer = setTimeout(() => void show(here), DWELL_MS);
    here.closing.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  };
  for (const type of ['pointerover', 'focusin']) view.addEventListener(type, look, { capture: true, passive: true, signal });
  // The button stands at the end of the document, where Tab would not find it.
  view.addEventListener(
    'keydown',
    (event) => {
      if (!event.isTrusted || event.key !== 'Tab' || event.altKey || event.ctrlKey || event.metaKey) return;
      if (upon?.button === undefined || upon.closing.signal.aborted) return;
      const [target] = event.composedPath();
      const isOnButton = target === upon.button.host;
      if (isOnButton) upon.link.focus({ preventScroll: true });
      else if (target === upon.link && !event.shiftKey) upon.button.focus();
      else return;
      // Forward from the button, the browser itself goes on to what comes after the link.
      if (!isOnButton || event.shiftKey) event.preventDefault();
    },
    { capture: true, signal },
  );
  view.addEventListener(
    'click',
    (event) => {
      if (!event.isTrusted || event.button !== 0 || upon?.button === undefined || event.target !== upon.button.host) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      upon.closing.abort();
      play(upon.link.href);
    },
    { capture: true, signal },
  );
}
