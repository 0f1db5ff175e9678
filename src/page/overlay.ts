import { followTheme } from './follow-theme';
import type { ToggledMode } from '@/src/messaging/background-messages';
import { iconButton } from './icon-button';
import type { KeptPlace } from './kept-place';
import { OVERLAY_CSS } from './overlay-styles';
import { OverlayWindow } from './overlay-window';
import { keepBare } from './keep-bare';
import { closedRoot, pageElement } from './page-element';
import { addWindowControls } from './window-controls';

/** What is done to the shell is none of the page's business. */
const KEPT_IN = [
  'keydown',
  'keyup',
  'keypress',
  'pointerdown',
  'pointermove',
  'pointerup',
  'mousedown',
  'mousemove',
  'mouseup',
  'click',
  'dblclick',
];

export interface Overlay {
  /** What the page's `activeElement` is while the focus is anywhere inside. */
  readonly host: HTMLElement;
  /** Whether it has a place on the screen, wherever that is. */
  isShown(): boolean;
  /**
   * Puts the player there; a film that played before is gone with its frame.
   * @param make adds the frame to what it is given
   */
  showPlayer(make: (stage: HTMLElement) => HTMLIFrameElement): void;
  /** Takes the player that is there away, and all that would play its film. */
  removePlayer(): void;
  /** Covers the stage with a sentence, and a button if something can be done. */
  showNotice(sentence: string, action?: NoticeAction): void;
  hideNotice(): void;
  /** Into this mode, or from it back to a window. */
  toggle(mode: ToggledMode): void;
  /** Moves the focus into the overlay, which has no player yet. */
  focusShell(): void;
  /** Moves the focus into the player, if it is in the overlay at all. */
  focusPlayer(): void;
}

export interface OverlayEvents {
  readonly onClose: () => void;
  /** The viewer wants the film in a tab of its own, or the page lets nobody use it here. */
  readonly onTab: () => void;
  /** The page has thrown the overlay out, or no longer shows anything of where it is. */
  readonly onLost: () => void;
}

export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

/**
 * The player's shell over the page, shown at once. Its closed shadow root keeps page scripts and styles out; it is in the top layer and fixed,
 * so the page's layout does not move. Aborting the signal removes every trace of it.
 */
export function openOverlay(page: Document, kept: KeptPlace, signal: AbortSignal, { onClose, onTab, onLost }: OverlayEvents): Overlay {
  const host = pageElement(page, 'div');
  const root = closedRoot(host, OVERLAY_CSS);

  const playerName = chrome.i18n.getMessage('overlay_player');
  const close = iconButton(page, 'close', {
    icon: 'close',
    label: chrome.i18n.getMessage('overlay_close'),
    title: chrome.i18n.getMessage('overlay_closeKey'),
  });
  const tab = iconButton(page, 'tab', { icon: 'tab', label: chrome.i18n.getMessage('overlay_playInTab') });
  const title = pageElement(page, 'span');
  title.textContent = 'Lodestream';
  const header = pageElement(page, 'header');
  header.append(title);

  const sentenceLine = pageElement(page, 'p', { role: 'status' });
  const actionButton = pageElement(page, 'button', { type: 'button' });
  const notice = pageElement(page, 'div', { class: 'notice' });
  notice.append(sentenceLine, actionButton);
  const stage = pageElement(page, 'div', { class: 'stage' });
  stage.append(notice);

  const lang = chrome.i18n.getMessage('language');
  const section = pageElement(page, 'section', { role: 'dialog', 'aria-label': playerName, lang, dir: 'ltr' });
  section.append(header, stage);
  const bounds = pageElement(page, 'div', { class: 'bounds' });
  root.append(bounds, section);
  void followTheme(section, signal);
  const overlayWindow = new OverlayWindow({ section, stage, bounds }, kept, signal);
  const { showMode, toggle } = addWindowControls(page, section, header, overlayWindow, signal);
  header.append(tab, close);

  let frame: HTMLIFrameElement | undefined;
  let runAction: (() => void) | undefined;
  close.addEventListener('click', onClose, { signal });
  tab.addEventListener('click', onTab, { signal });
  actionButton.addEventListener('click', () => runAction?.(), { signal });
  // Esc is heard on the window, before this.
  for (const type of KEPT_IN) host.addEventListener(type, (event) => event.stopPropagation(), { signal });
  signal.addEventListener('abort', () => host.remove(), { once: true });

  // While a dialog is modal, what lies outside of it hears no pointer and no key, the top layer included.
  ([...page.querySelectorAll('dialog:modal')].at(-1) ?? page.documentElement).append(host);
  // Above whatever the page keeps in the top layer; without it the z-index has to do.
  const raise = (): void => {
    host.popover = 'manual';
    if (!host.matches(':popover-open')) host.showPopover();
  };
  raise();
  host.addEventListener('toggle', () => host.isConnected && raise(), { signal });
  keepBare(root, signal, onTab);
  overlayWindow.open(showMode);
  const isShown = (): boolean => section.checkVisibility();
  const sight = new IntersectionObserver(() => isShown() || onLost());
  sight.observe(section);
  signal.addEventListener('abort', () => sight.disconnect(), { once: true });

  return {
    host,
    isShown,
    showPlayer(make) {
      frame?.remove();
      frame = make(stage);
      tab.hidden = false;
    },
    removePlayer() {
      frame?.remove();
      frame = undefined;
      tab.hidden = true;
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
    toggle,
    focusShell() {
      close.focus({ preventScroll: true });
    },
    focusPlayer() {
      if (root.activeElement !== null) frame?.focus({ preventScroll: true });
    },
  };
}
