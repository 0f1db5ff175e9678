import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SitePage {
  /** Default 200. */
  readonly status?: number;
  /** Default `text/html; charset=utf-8`. */
  readonly type?: string;
  /** For example `content-security-policy` or `cross-origin-embedder-policy`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** Page by path (`/`, `/film.html`); a plain string is HTML. A handler answers undefined for what it does not have. */
export type SiteContent = Readonly<Record<string, SitePage | string>> | ((request: IncomingMessage) => SitePage | string | undefined);

export interface Site {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** Every path asked for so far, in order. */
  readonly requestedPaths: readonly string[];
  close(): Promise<void>;
}

/** Serves pages on 127.0.0.1 at a free port, or at `port`. Whatever is missing (a favicon) is a 404. */
export async function serveSite(content: SiteContent, port = 0): Promise<Site> {
  const requestedPaths: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    requestedPaths.push(pathname);
    const found = typeof content === 'function' ? content(request) : content[pathname];
    const page = typeof found === 'string' ? { body: found } : found;
    if (page === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found');
      return;
    }
    response.writeHead(page.status ?? 200, { 'content-type': page.type ?? 'text/html; charset=utf-8', ...page.headers }).end(page.body);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requestedPaths,
    async close() {
      server.close();
      // Browsers keep connections open for later requests.
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
