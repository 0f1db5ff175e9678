import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import { formatCount, textTable } from './text-table';

/** What the extension's popup says about one film, in bytes. */
export interface SessionFigures {
  readonly downloadedBytes: number;
  readonly verifiedBytes: number;
  readonly lengthBytes: number;
  readonly peers: readonly PeerFigures[];
}

interface PeerFigures {
  readonly id: string;
  readonly downloadedBytes: number;
  readonly uploadedBytes: number;
}

/** The whole film through a slow seeder, with room for a slow machine. */
const COMPLETE_TIMEOUT_MS = 120_000;

/**
 * Opens the popup in a tab behind the others, reads it, and closes it.
 * @param sessionId the film's info hash in hex
 * @param until with `complete`, waits until every piece of the film is verified
 */
export async function readFigures(
  { browser, extensionId }: LaunchedBrowser,
  sessionId: string,
  until: { readonly complete: boolean } = { complete: false },
): Promise<SessionFigures> {
  const popup = await browser.newPage({ background: true });
  await popup.goto(`chrome-extension://${extensionId}/popup.html`);
  const card = `[data-session-id="${sessionId}"]${until.complete ? '[data-session-state="complete"]' : ''}`;
  await popup.waitForSelector(card, { timeout: COMPLETE_TIMEOUT_MS });
  // Functions with names of their own do not survive the way into the page.
  const { own, peers } = await popup.$eval(card, (element) => ({
    own: Object.fromEntries(Array.from(element.attributes, ({ name, value }) => [name, value])),
    peers: Array.from(element.querySelectorAll('[data-peer-id][data-peer-state="connected"]'), (peer) =>
      Object.fromEntries(Array.from(peer.attributes, ({ name, value }) => [name, value])),
    ),
  }));
  await popup.close();
  return {
    downloadedBytes: Number(own['data-downloaded-bytes']),
    verifiedBytes: Number(own['data-verified-bytes']),
    lengthBytes: Number(own['data-length-bytes']),
    peers: peers.map((peer) => ({
      id: peer['data-peer-id'] ?? '',
      downloadedBytes: Number(peer['data-downloaded-bytes']),
      uploadedBytes: Number(peer['data-uploaded-bytes']),
    })),
  };
}

export function figuresTable({ peers, downloadedBytes, verifiedBytes, lengthBytes }: SessionFigures): string {
  return textTable([
    ['peers', formatCount(peers.length)],
    ['bytes downloaded', formatCount(downloadedBytes)],
    ['bytes verified', `${formatCount(verifiedBytes)} of ${formatCount(lengthBytes)}`],
  ]);
}
