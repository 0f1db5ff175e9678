import { isMagnetLink } from './magnet-target';
import { isTorrentLink } from './torrent-link';

/** Tells when the pointer, or the focus, comes upon a magnet link, or a link to a .torrent file, in this document, and when it leaves it. */
export function onPointedMagnet(view: Window, signal: AbortSignal, onChange: (isPointed: boolean) => void): void {
  let told = false;
  const tell = (isPointed: boolean): void => {
    if (isPointed === told) return;
    told = isPointed;
    onChange(isPointed);
  };
  const look = (event: Event): void => tell(event.composedPath().some((target) => isMagnetLink(target) || isTorrentLink(target)));
  const leave = (): void => tell(false);
  const options = { capture: true, passive: true, signal };
  view.addEventListener('pointerover', look, options);
  view.addEventListener('focusin', look, options);
  view.addEventListener('pointerout', ({ relatedTarget }) => relatedTarget === null && leave(), options);
  view.addEventListener('blur', ({ target }) => target === view && leave(), options);
  view.addEventListener('pagehide', leave, options);
}
