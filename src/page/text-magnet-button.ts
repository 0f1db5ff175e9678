import { followTheme } from './follow-theme';
import { pageElement } from './page-element';
import { textMagnetAt, type WrittenMagnet } from './text-magnet';

const CSS = `
:host { all: initial !important; position: fixed !important; z-index: 2147483647 !important; color-scheme: light dark !important; }
button { padding: .25rem .625rem; font: 600 .8125rem/1.25rem system-ui, sans-serif; color: light-dark(#ffffff, #12132b); background: light-dark(#4338ca, #a5a8ff);
  border: 0; border-radius: 1rem; box-shadow: 0 .125rem .5rem rgb(0 0 0 / .3); cursor: pointer; }
button:focus-visible { outline: 2px solid light-dark(#161929, #eef0fa); outline-offset: 2px; }
`;
const GAP_PX = 6;

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
  let shown: TextMagnetButton | undefined;
  const show = async (written: WrittenMagnet, closing: AbortController): Promise<void> => {
    if (!(await mayShow()) || closing.signal.aborted) return;
    shown = new TextMagnetButton(view, written, closing, AbortSignal.any([signal, closing.signal]));
  };
  let closing: AbortController | undefined;
  view.addEventListener(
    'click',
    (event) => {
      if (!event.isTrusted || event.button !== 0) return;
      closing?.abort();
      // Before any listener of the page.
      if (shown !== undefined && event.target === shown.host) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return play(shown.magnet, shown.host);
      }
      const written = textMagnetAt(view.document, event);
      if (written === undefined) return;
      closing = new AbortController();
      void show(written, closing);
    },
    { capture: true, signal },
  );
}

class TextMagnetButton {
  readonly host: HTMLElement;
  readonly magnet: string;

  constructor(view: Window, { magnet, end }: WrittenMagnet, closing: AbortController, until: AbortSignal) {
    this.magnet = magnet;
    const { document: page } = view;
    const close = (): void => closing.abort();
    this.host = pageElement(page, 'div', { lang: chrome.i18n.getMessage('language'), dir: 'ltr' });
    const root = this.host.attachShadow({ mode: 'closed' });
    const styles = new CSSStyleSheet();
    styles.replaceSync(CSS);
    root.adoptedStyleSheets = [styles];
    const button = pageElement(page, 'button', { type: 'button' });
    button.textContent = chrome.i18n.getMessage('menu_link');
    root.append(button);
    void followTheme(button, until);
    until.addEventListener('abort', () => this.host.remove(), { once: true });
    for (const type of ['scroll', 'resize', 'blur']) view.addEventListener(type, close, { capture: true, passive: true, signal: until });
    view.addEventListener('keydown', ({ key }) => key === 'Escape' && close(), { capture: true, signal: until });
    for (const type of ['pointerdown', 'pointerup', 'mousedown', 'mouseup']) {
      this.host.addEventListener(type, (event) => event.stopPropagation(), { signal: until });
    }
    page.documentElement.append(this.host);
    this.#place(view, end);
  }

  #place(view: Window, { rightPx, topPx, bottomPx }: WrittenMagnet['end']): void {
    const { width, height } = this.host.getBoundingClientRect();
    const left = Math.max(0, Math.min(rightPx + GAP_PX, view.innerWidth - width - GAP_PX));
    const top = Math.max(0, Math.min((topPx + bottomPx - height) / 2, view.innerHeight - height));
    this.host.style.setProperty('left', `${left}px`, 'important');
    this.host.style.setProperty('top', `${top}px`, 'important');
  }
}
