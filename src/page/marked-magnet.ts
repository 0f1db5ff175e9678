import { magnetInText } from '@/src/protocol/magnet-in-text';

/** While text is being marked it changes with every move of the mouse; nobody opens a menu within this. */
const SETTLED_MS = 100;

/** Tells when the text marked in this document begins to contain a magnet link, and when it ceases to or the viewer turns elsewhere. */
export function onMarkedMagnet(view: Window, signal: AbortSignal, onChange: (isMarked: boolean) => void): void {
  let told = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (isMarked: boolean): void => {
    clearTimeout(timer);
    if (isMarked === told) return;
    told = isMarked;
    onChange(isMarked);
  };
  const look = (): void => tell(magnetInText(view.getSelection()?.toString() ?? '') !== undefined);
  const forget = (): void => tell(false);
  const lookSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(look, SETTLED_MS);
  };
  view.document.addEventListener('selectionchange', lookSoon, { signal });
  view.addEventListener('focus', look, { signal });
  view.addEventListener('blur', forget, { signal });
  view.addEventListener('pagehide', forget, { signal });
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
}
