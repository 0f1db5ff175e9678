import { followTheme } from './follow-theme';
import { closedRoot, pageElement } from './page-element';

const CSS = `
:host { all: initial !important; position: fixed !important; z-index: 2147483647 !important; padding-left: 6px !important; color-scheme: light dark !important; }
button { padding: .25rem .625rem; font: 600 .8125rem/1.25rem system-ui, sans-serif; color: light-dark(#fff, #12132b); background: light-dark(#4338ca, #a5a8ff);
  border: 0; border-radius: 1rem; box-shadow: 0 .125rem .5rem rgb(0 0 0 / .3); cursor: pointer; }
button:focus-visible { outline: 2px solid light-dark(#161929, #eef0fa); outline-offset: 2px; }
`;
const MARGIN_PX = 6;

/** Who only passes over what could be played is shown nothing. */
export const DWELL_MS = 200;

/** Where what it stands beside ends, in px of the window. */
export type BesidePlace = Pick<DOMRect, 'right' | 'top' | 'bottom'>;

/**
 * A small button over the page, beside what it plays. Clicks on it are those on `host`, which reach the window before any listener of the
 * page. It goes with a scroll or Esc, by way of `closing`.
 */
export class BesideButton {
  readonly host: HTMLElement;
  readonly #button: HTMLElement;

  constructor(view: Window, place: BesidePlace, closing: AbortController, signal: AbortSignal) {
    const { document: page } = view;
    const until = AbortSignal.any([signal, closing.signal]);
    const close = (): void => closing.abort();
    this.host = pageElement(page, 'div', { lang: chrome.i18n.getMessage('language'), dir: 'ltr' });
    const root = closedRoot(this.host, CSS);
    const button = (this.#button = pageElement(page, 'button', { type: 'button' }));
    button.textContent = chrome.i18n.getMessage('menu_link');
    root.append(button);
    void followTheme(button, until);
    until.addEventListener('abort', () => this.host.remove(), { once: true });
    for (const type of ['scroll', 'resize']) view.addEventListener(type, close, { capture: true, passive: true, signal: until });
    // Not that of an element, which a press on this button takes the focus from.
    view.addEventListener('blur', ({ target }) => target === view && close(), { signal: until });
    view.addEventListener('keydown', ({ key }) => key === 'Escape' && close(), { capture: true, signal: until });
    for (const type of ['pointerdown', 'pointerup', 'mousedown', 'mouseup']) {
      this.host.addEventListener(type, (event) => event.stopPropagation(), { signal: until });
    }
    page.documentElement.append(this.host);
    // What the element itself has in its style attribute gives way to `all` above.
    root.adoptedStyleSheets[0]?.insertRule(this.#place(view, place), 1);
  }

  focus(): void {
    this.#button.focus({ preventScroll: true });
  }

  #place(view: Window, { right, top, bottom }: BesidePlace): string {
    const { width, height } = this.host.getBoundingClientRect();
    const leftPx = Math.max(0, Math.min(right, view.innerWidth - width - MARGIN_PX));
    const topPx = Math.max(0, Math.min((top + bottom - height) / 2, view.innerHeight - height));
    return `:host { left: ${leftPx}px !important; top: ${topPx}px !important; }`;
  }
}
