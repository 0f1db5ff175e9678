import { concatBytes, toBase64Url } from '@/src/base/bytes';
import type { FetchedTorrent } from '@/src/messaging/background-messages';
import { MAX_TORRENT_FILE_BYTES } from '@/src/protocol/engine-api';

const TIMEOUT_MS = 30_000;

/** Fetches a .torrent file as the page itself would: with its cookies, and from another site only if that site allows it. */
export async function fetchTorrent(url: string): Promise<FetchedTorrent> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok)
      return { ok: false, message: chrome.i18n.getMessage('overlay_torrent_noFile').replace('{status}', String(response.status)) };
    const bytes = await readAtMost(response, MAX_TORRENT_FILE_BYTES);
    if (bytes === undefined) return { ok: false, message: chrome.i18n.getMessage('overlay_torrent_tooLarge') };
    return { ok: true, base64Url: toBase64Url(bytes) };
  } catch {
    return { ok: false, message: chrome.i18n.getMessage('overlay_torrent_notFetched') };
  }
}

/** Undefined when there is more. */
async function readAtMost({ body }: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let lengthBytes = 0;
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concatBytes(...parts);
    lengthBytes += value.length;
    if (lengthBytes > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    parts.push(value);
  }
}
