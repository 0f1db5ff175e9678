import { NO_TOKEN_YET } from '@/src/messaging/player-address';
import { closedRoot, pageElement } from './page-element';

/** After this no click has come of the press. */
const KEPT_MS = 5_000;

const CSS = ':host { all: initial !important; position: fixed !important; visibility: hidden !important; }';

/**
 * The player's page, loaded while the button is down on a magnet link, which takes as long as all else that comes before a film is asked for.
 * Nobody sees it, and it does nothing until a click gives it a film. Only where browsers move a frame without loading it anew
 * (`moveBefore`, DOM Living Standard).
 */
export class PlayerAhead {
  readonly #page: Document;
  readonly #signal: AbortSignal;
  #made: FrameAhead | undefined;

  constructor(page: Document, signal: AbortSignal) {
    this.#page = page;
    this.#signal = signal;
  }

  /** At the press. */
  load(): void {
    if (this.#made !== undefined || !('moveBefore' in Element.prototype)) return;
    const host = pageElement(this.#page, 'div');
    const frame = playerFrame(closedRoot(host, CSS), `${chrome.runtime.getURL('player.html')}#${NO_TOKEN_YET}`);
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    const leave = (): void => {
      clearTimeout(timer);
      this.#signal.removeEventListener('abort', leave);
      this.#made = undefined;
      host.remove();
    };
    const timer = setTimeout(leave, KEPT_MS);
    this.#signal.addEventListener('abort', leave);
    this.#page.documentElement.append(host);
    this.#made = { frame, loaded, leave };
  }

  /**
   * Adds the player's frame to the stage.
   * @param url which names a token
   */
  show(stage: HTMLElement, url: string): HTMLIFrameElement {
    const made = this.#made;
    // The page may have taken it out of its document.
    if (made?.frame.isConnected !== true || !stage.isConnected) return playerFrame(stage, url);
    stage.moveBefore(made.frame, null);
    made.leave();
    // While it is being loaded, what arrives would take its address back. It keeps its document: only what follows the # is another.
    // `src` would leave a step in the page's history.
    void made.loaded.then(() => made.frame.contentWindow?.location.replace(url));
    return made.frame;
  }
}

interface FrameAhead {
  readonly frame: HTMLIFrameElement;
  readonly loaded: Promise<unknown>;
  readonly leave: () => void;
}

function playerFrame(parent: Node & ParentNode, src: string): HTMLIFrameElement {
  const title = chrome.i18n.getMessage('overlay_player');
  const frame = pageElement(parent.ownerDocument ?? document, 'iframe', { allow: 'autoplay; fullscreen; picture-in-picture', title, src });
  parent.append(frame);
  return frame;
}
