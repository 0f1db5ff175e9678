import type { Page } from 'puppeteer';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';

/** What the extension's popup says about one film, in bytes. */
export interface SessionFigures {
  readonly complete: boolean;
  readonly downloadedBytes: number;
  readonly verifiedBytes: number;
  readonly lengthBytes: number;
  readonly peers: readonly PeerFigures[];
}

export interface PeerFigures {
  readonly id: string;
  readonly downloadedBytes: number;
  readonly uploadedBytes: number;
}

/** The popup in a tab behind the others: it shows the engine's figures as they change. */
export async function openPopup({ browser, extensionId }: LaunchedBrowser): Promise<Page> {
  const page = await browser.newPage({ background: true });
  await page.goto(`chrome-extension://${extensionId}/popup.html`);
  return page;
}

/** @param sessionId the film's info hash in hex */
export async function readFigures(popup: Page, sessionId: string): Promise<SessionFigures> {
  await popup.waitForSelector(`[data-session-id="${sessionId}"]`);
  // Functions with names of their own do not survive the way into the page.
  const card = await popup.$eval(`[data-session-id="${sessionId}"]`, (element) => ({
    own: Object.fromEntries(Array.from(element.attributes, ({ name, value }) => [name, value])),
    peers: Array.from(element.querySelectorAll('[data-peer-id][data-peer-state="connected"]'), (peer) =>
      Object.fromEntries(Array.from(peer.attributes, ({ name, value }) => [name, value])),
    ),
  }));
  return {
    complete: card.own['data-session-state'] === 'complete',
    downloadedBytes: Number(card.own['data-downloaded-bytes']),
    verifiedBytes: Number(card.own['data-verified-bytes']),
    lengthBytes: Number(card.own['data-length-bytes']),
    peers: card.peers.map((peer) => ({
      id: peer['data-peer-id'] ?? '',
      downloadedBytes: Number(peer['data-downloaded-bytes']),
      uploadedBytes: Number(peer['data-uploaded-bytes']),
    })),
  };
}

/** Resolves once every piece of the film is verified. */
export async function untilComplete(popup: Page, sessionId: string, timeoutMs: number): Promise<void> {
  await popup.waitForSelector(`[data-session-id="${sessionId}"][data-session-state="complete"]`, { timeout: timeoutMs });
}
