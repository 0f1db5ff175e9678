import { reachEngine } from './offscreen-host';
import { worker, type FetchEvent } from './service-worker-scope';
import { parseStreamPath, respondWithStream, type StreamAddress } from './stream-responder';

/** Before the headers are out nothing tells that the asking page has gone; a body is cancelled by the browser instead. */
const CLIENT_CHECK_MS = 2_000;

/** Takes the requests of the player's media element; every other request goes its usual way. */
export function answerStreamRequest(event: FetchEvent): void {
  const url = new URL(event.request.url);
  const address = url.origin === worker.location.origin ? parseStreamPath(url.pathname) : undefined;
  if (address === undefined) return;
  event.respondWith(respondWhileAsked(event, address));
}

async function respondWhileAsked(event: FetchEvent, address: StreamAddress): Promise<Response> {
  const gone = new AbortController();
  const abortIfGone = async (): Promise<void> => {
    // A download comes from a frame that has no page yet.
    if (event.clientId !== '' && (await worker.clients.get(event.clientId)) === undefined) gone.abort();
  };
  const check = setInterval(() => void abortIfGone(), CLIENT_CHECK_MS);
  try {
    return await respondWithStream(reachEngine, address, event.request, gone.signal);
  } finally {
    clearInterval(check);
  }
}
