import { TargetType, type Browser, type WebWorker } from 'puppeteer';

/** The extension's, which runs as long as a debugger looks at it. */
export async function serviceWorker(browser: Browser): Promise<WebWorker> {
  const target = await browser.waitForTarget((candidate) => candidate.type() === TargetType.SERVICE_WORKER);
  const worker = await target.worker();
  if (worker === null) throw new Error('The service worker does not run.');
  return worker;
}

/** What the browser tells the service worker when an entry is chosen in the tab in front: its menus themselves are out of a debugger's reach. */
export async function chooseMenuEntry(worker: WebWorker, info: Partial<chrome.contextMenus.OnClickData>): Promise<void> {
  await worker.evaluate(async (given) => {
    const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
    const { onClicked } = chrome.contextMenus as unknown as { readonly onClicked: { dispatch(...args: unknown[]): void } };
    onClicked.dispatch({ editable: false, frameId: 0, ...given }, tab);
  }, info);
}
