import type { IncomingMessage, ServerResponse } from 'node:http';
import { HEALTH_PATH, HEALTH_SERVICE } from '@/src/protocol/signaling-health';

const WHAT_THIS_IS =
  'This is a Lodestream signaling server: it introduces peers to each other and carries no films.\n' +
  'Paste its address, without a path, into the options of the Lodestream extension.\n';

/** Everything on HTTP that is not a WebSocket. Open to every origin: there are no cookies and nothing secret here. */
export function answerHttp(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  const path = request.url?.split('?', 1)[0];
  if (request.method === 'GET' && path === HEALTH_PATH) {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ status: 'ok', service: HEALTH_SERVICE }));
  } else {
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end(WHAT_THIS_IS);
  }
}
