import { OVERLAY_CSS } from './overlay-styles';

const XHTML = 'http://www.w3.org/1999/xhtml';

export interface Overlay {
  /** What the page's `activeElement` is while the focus is anywhere inside. */
  readonly host: HTMLElement;
  /** Loads the player into a fresh frame; a film that played before is gone with its frame. */
  showPlayer(url: string): void;
  /** Takes the player that is there away. */
  removePlayer(): void;
  /** Covers the stage with a sentence, and a button if something can be done. */
  showNotice(sentence: string, action?: NoticeAction): void;
  hideNotice(): void;
  /** Moves the focus into the player, if it is in the overlay at all. */
  focusPlayer(): void;
}

export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

/**
 * The player's shell over the page, shown at once. Its closed shadow root keeps page scripts and styles out; it is in the top layer and fixed,
 * so the page's layout does not move. Aborting the signal removes every trace of it.
 */
export function openOverlay(page: Document, signal: AbortSignal, onClose: () => void): Overlay {
  const host = element(page, 'div');
  const root = host.attachShadow({ mode: 'closed' });
  const styles = new CSSStyleSheet();
  styles.replaceSync(OVERLAY_CSS);
  root.adoptedStyleSheets = [styles];

  const playerName = chrome.i18n.getMessage('overlay_player');
  const close = element(page, 'button', {
    type: 'button',
    class: 'close',
    'aria-label': chrome.i18n.getMessage('overlay_close'),
    title: chrome.i18n.getMessage('overlay_closeKey'),
  });
  close.textContent = '×';
  const title = element(page, 'span');
  title.textContent = 'Lodestream';
  const header = element(page, 'header');
  header.append(title, close);

  const sentenceLine = element(page, 'p', { role: 'status' });
  const actionButton = element(page, 'button', { type: 'button' });
  const notice = element(page, 'div', { class: 'notice' });
  notice.append(sentenceLine, actionButton);
  const stage = element(page, 'div', { class: 'stage' });
  stage.append(notice);

  const section = element(page, 'section', { role: 'dialog', 'aria-label': playerName, lang: chrome.i18n.getMessage('language') });
  section.append(header, stage);
  root.append(section);

  let frame: HTMLIFrameElement | undefined;
  let runAction: (() => void) | undefined;
  close.addEventListener('click', onClose, { signal });
  actionButton.addEventListener('click', () => runAction?.(), { signal });
  // Keys typed into the shell are none of the page's business; Esc is heard on the window, before this.
  for (const type of ['keydown', 'keyup', 'keypress']) host.addEventListener(type, (event) => event.stopPropagation(), { signal });
  signal.addEventListener('abort', () => host.remove(), { once: true });

  page.documentElement.append(host);
  // Above whatever the page keeps in the top layer; without it the z-index has to do.
  host.popover = 'manual';
  host.showPopover();
  close.focus({ preventScroll: true });

  return {
    host,
    showPlayer(url) {
      frame?.remove();
      frame = element(page, 'iframe', { allow: 'autoplay; fullscreen; picture-in-picture', title: playerName });
      frame.src = url;
      stage.append(frame);
    },
    removePlayer() {
      frame?.remove();
      frame = undefined;
    },
    showNotice(sentence, action) {
      sentenceLine.textContent = sentence;
      actionButton.textContent = action?.label ?? '';
      actionButton.hidden = action === undefined;
      runAction = action?.run;
      notice.hidden = false;
    },
    hideNotice() {
      notice.hidden = true;
    },
    focusPlayer() {
      if (root.activeElement !== null) frame?.focus({ preventScroll: true });
    },
  };
}

/** In XML and SVG documents `createElement` would make something that is no HTML. */
function element<Tag extends keyof HTMLElementTagNameMap>(
  page: Document,
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[Tag] {
  const made = page.createElementNS(XHTML, tag) as HTMLElementTagNameMap[Tag];
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
