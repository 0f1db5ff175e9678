import type { CDPSession, MouseClickOptions, Page, Protocol } from 'puppeteer';

/** In CSS pixels of the window. */
export type ShellBox = Pick<DOMRect, 'x' | 'y' | 'width' | 'height' | 'left' | 'top' | 'right' | 'bottom'>;

/**
 * Looks into the overlay's closed shadow root from the content script's own world, the only place it can be seen from: pages cannot,
 * and puppeteer's selectors do not.
 */
export class OverlayProbe {
  readonly #page: Page;
  readonly #session: CDPSession;
  readonly #extensionId: string;
  readonly #topFrameId: string;
  #worlds: readonly Protocol.Runtime.ExecutionContextDescription[] = [];

  private constructor(page: Page, session: CDPSession, extensionId: string, topFrameId: string) {
    this.#page = page;
    this.#session = session;
    this.#extensionId = extensionId;
    this.#topFrameId = topFrameId;
  }

  static async attach(page: Page, extensionId: string): Promise<OverlayProbe> {
    const session = await page.createCDPSession();
    const { frameTree } = await session.send('Page.getFrameTree');
    const probe = new OverlayProbe(page, session, extensionId, frameTree.frame.id);
    session.on('Runtime.executionContextsCleared', () => {
      probe.#worlds = [];
    });
    session.on('Runtime.executionContextCreated', ({ context }) => {
      probe.#worlds = [...probe.#worlds, context];
    });
    await session.send('Runtime.enable');
    return probe;
  }

  /** Whether the page has the overlay's element right now. */
  async isOpen(): Promise<boolean> {
    return this.#evaluate('overlayRoot() !== undefined');
  }

  async untilOpen(): Promise<void> {
    await this.#evaluate('until(() => overlayRoot() !== undefined)');
  }

  async untilClosed(): Promise<void> {
    await this.#evaluate('until(() => overlayRoot() === undefined)');
  }

  /** Resolves once the player in the frame has reported and the shell's notice is gone. */
  async untilReady(): Promise<void> {
    await this.#evaluate(`until(() => overlayRoot()?.querySelector('.notice')?.hidden === true)`);
  }

  /** Waits for a notice that contains the text. */
  async untilNotice(text: string): Promise<string> {
    return this.#evaluate(
      `until(() => { const notice = overlayRoot()?.querySelector('.notice');
        return notice && !notice.hidden && notice.textContent.includes(${JSON.stringify(text)}) ? notice.textContent : undefined; })`,
    );
  }

  /** Listens after the content script itself: the promise answered resolves once that has taken such a message. */
  async listenFor(type: string): Promise<() => Promise<void>> {
    await this.#evaluate(
      `void (globalThis.taken = new Promise((resolve) => chrome.runtime.onMessage.addListener((message) => {
        if (message.type === ${JSON.stringify(type)}) resolve();
      })))`,
    );
    return () => this.#evaluate('taken');
  }

  /** Addresses of the frames in the overlay. */
  frameUrls(): readonly string[] {
    const urls = this.#page.frames().map((frame) => frame.url());
    return urls.filter((url) => url.startsWith(`chrome-extension://${this.#extensionId}/player.html`));
  }

  /** What has the focus inside the overlay, by tag and class. */
  async focused(): Promise<string> {
    return this.#evaluate(
      `(() => { const at = overlayRoot()?.activeElement; return at ? at.localName + (at.className ? '.' + at.className : '') : ''; })()`,
    );
  }

  /** Where an element of the shell is in the window. */
  async boxOf(selector: string): Promise<ShellBox> {
    return this.#evaluate(`overlayRoot().querySelector(${JSON.stringify(selector)}).getBoundingClientRect().toJSON()`);
  }

  /** Resolves with the shell's box once it is what the test waits for. @param condition an expression in `box` */
  async untilBox(condition: string): Promise<ShellBox> {
    return this.#evaluate(
      `until(() => { const box = overlayRoot()?.querySelector('section').getBoundingClientRect().toJSON(); return box && (${condition}) ? box : undefined; })`,
    );
  }

  /** Resolves once the shell is drawn on a ground of this colour. @param color as the browser computes it, `rgb(…)` */
  async untilGround(color: string): Promise<void> {
    await this.#evaluate(
      `until(() => { const shell = overlayRoot()?.querySelector('section'); return shell && getComputedStyle(shell).backgroundColor === ${JSON.stringify(color)}; })`,
    );
  }

  /** An element's accessible name. */
  async labelOf(selector: string): Promise<string> {
    return this.#evaluate(`overlayRoot().querySelector(${JSON.stringify(selector)}).ariaLabel`);
  }

  /** What is shown when the pointer rests on an element. */
  async titleOf(selector: string): Promise<string> {
    return this.#evaluate(`overlayRoot().querySelector(${JSON.stringify(selector)}).title`);
  }

  async untilTitle(selector: string, title: string): Promise<void> {
    await this.#evaluate(`until(() => overlayRoot()?.querySelector(${JSON.stringify(selector)})?.title === ${JSON.stringify(title)})`);
  }

  /** Gives the focus to a button of the shell. */
  async focusIn(selector: string): Promise<void> {
    await this.#evaluate(`overlayRoot().querySelector(${JSON.stringify(selector)}).focus()`);
  }

  /** A real click in the middle of an element of the shell. */
  async click(selector: string, options: MouseClickOptions = {}): Promise<void> {
    const { x, y, width, height } = await this.boxOf(selector);
    await this.#page.mouse.click(x + width / 2, y + height / 2, options);
  }

  /** A real press in the middle of an element of the shell, moved by so much and still held. */
  async press(selector: string, xPx: number, yPx: number): Promise<void> {
    const { x, y, width, height } = await this.boxOf(selector);
    const [fromX, fromY] = [x + width / 2, y + height / 2];
    await this.#page.mouse.move(fromX, fromY);
    await this.#page.mouse.down();
    // The debugger, unlike a mouse, asks who is below the pointer: until what the press changed is painted, that is the player.
    await this.#evaluate('new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(() => painted(true))))');
    await this.#page.mouse.move(fromX + xPx, fromY + yPx, { steps: 5 });
  }

  /** The same, let go. */
  async drag(selector: string, xPx: number, yPx: number): Promise<void> {
    await this.press(selector, xPx, yPx);
    await this.#page.mouse.up();
  }

  async #evaluate<Result>(expression: string): Promise<Result> {
    const world = this.#worlds.findLast(
      ({ origin, auxData }) =>
        origin === `chrome-extension://${this.#extensionId}` &&
        (auxData as { readonly frameId?: string } | undefined)?.frameId === this.#topFrameId,
    );
    if (world === undefined) throw new Error('The content script does not run in this page.');
    const { result, exceptionDetails } = await this.#session.send('Runtime.evaluate', {
      contextId: world.id,
      expression: `(() => { ${IN_CONTENT_SCRIPT} return ${expression}; })()`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as Result;
  }
}

/** `until` looks again at every change in the page and in the overlay. */
const IN_CONTENT_SCRIPT = `
  const overlayRoot = () => {
    // Its own popovers and dialogs a page fills without a shadow root.
    const roots = [...document.querySelectorAll(':root > div, dialog > div')].map((host) => chrome.dom.openOrClosedShadowRoot(host));
    return roots.find((root) => root?.querySelector('.stage'));
  };
  const until = (condition) => new Promise((resolve) => {
    const watched = new Set();
    const observer = new MutationObserver(look);
    function watch(node) {
      if (!node || watched.has(node)) return;
      watched.add(node);
      observer.observe(node, { subtree: true, childList: true, attributes: true, characterData: true });
    }
    function look() {
      watch(document);
      watch(overlayRoot());
      const found = condition();
      if (!found) return;
      observer.disconnect();
      resolve(found);
    }
    look();
  });
`;
