import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import ipaddr from 'ipaddr.js';
import { HEALTH_PATH, HEALTH_SERVICE } from '@/src/protocol/signaling-health';
import { hostPage, HOST_PAGE_POLICY } from './host-page';
import type { Metrics } from './metrics';

export interface HttpParts {
  readonly metrics: Metrics;
  /** See TEXT_OPTIONS. */
  readonly publicUrl: string | undefined;
  readonly metricsToken: string | undefined;
  readonly trustedProxies: number;
  readonly isPrivate: boolean;
  /** Takes clients in. */
  isReady(): boolean;
  /** One of several nodes, and Redis is away: it serves its own clients. */
  isAlone(): boolean;
  counts(): { readonly connections: number; readonly swarms: number };
}

const WHAT_THIS_IS =
  'This is a Lodestream signaling server: it introduces peers to each other and carries no films.\n' +
  'Paste its address, without a path, into the options of the Lodestream extension.\n';

/** Everything on HTTP that is not a WebSocket. Open to every origin: there are no cookies and nothing secret here. */
export function httpAnswers(parts: HttpParts): RequestListener {
  return (request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    switch (isRead ? request.url?.split('?', 1)[0] : undefined) {
      case HEALTH_PATH:
        return sendJson(response, 200, { status: 'ok', service: HEALTH_SERVICE });
      case '/ready':
        if (!parts.isReady()) return sendJson(response, 503, { status: 'going down' });
        // Its clients are better served than sent away.
        return sendJson(response, 200, { status: parts.isAlone() ? 'ready, without Redis' : 'ready' });
      case '/metrics':
        return sendMetrics(request, response, parts);
      case '/':
        return sendPage(request, response, parts);
      default:
        return void response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end(WHAT_THIS_IS);
    }
  };
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function sendPage(request: IncomingMessage, response: ServerResponse, parts: HttpParts): void {
  const { publicUrl, isPrivate } = parts;
  const page = hostPage({ publicUrl: publicUrl?.replace(/\/+$/, '') ?? askedUrl(request), isPrivate, ...parts.counts() });
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': HOST_PAGE_POLICY }).end(page);
}

/** What the browser asked for; whoever forges it sees the forged one. */
function askedUrl({ headers }: IncomingMessage): string {
  const host = /^[\w.:[\]-]{1,255}$/.exec(headers.host ?? '')?.[0] ?? 'this-server';
  return `${headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'}://${host}`;
}

function sendMetrics(request: IncomingMessage, response: ServerResponse, parts: HttpParts): void {
  if (!mayReadMetrics(request, parts)) {
    const sentence = 'Metrics are for whoever has the METRICS_TOKEN of this server, as a bearer token.\n';
    return void response.writeHead(401, { 'Content-Type': 'text/plain; charset=utf-8', 'WWW-Authenticate': 'Bearer' }).end(sentence);
  }
  parts.metrics.text().then(
    (text) => response.writeHead(200, { 'Content-Type': parts.metrics.contentType }).end(text),
    (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
  );
}

/** Without a token only this machine may, and behind a proxy everybody seems to be on it. */
function mayReadMetrics(request: IncomingMessage, { metricsToken, trustedProxies }: HttpParts): boolean {
  const address = request.socket.remoteAddress ?? '';
  if (metricsToken === undefined) {
    const isForwarded = trustedProxies > 0 || request.headers['x-forwarded-for'] !== undefined;
    return !isForwarded && ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
  }
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${metricsToken}`));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
