/**
 * In place of webextension-polyfill in the script that every page loads (wxt.config.ts): a third of its size would be wrapping for browsers
 * older than those that run this, whose own `browser` or `chrome` answers by promises.
 */
interface OwnBrowser {
  /** Without an id where the extension has gone. */
  readonly runtime?: { readonly id?: string };
}

const { browser, chrome } = globalThis as unknown as { readonly browser?: OwnBrowser; readonly chrome: OwnBrowser };

export default browser?.runtime?.id === undefined ? chrome : browser;
