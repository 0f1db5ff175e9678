import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers for one file; `bytes` is what the server keeps of it. */
export type SeedBehaviour = (request: IncomingMessage, response: ServerResponse, bytes: Uint8Array) => void;

export interface SeedServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly host: string;
  /** Path and Range of every request so far. */
  readonly requests: readonly { readonly path: string; readonly range: string }[];
  /** Resolves with the next request. */
  nextRequest(): Promise<void>;
  /** How files are answered from now on. */
  behave(behaviour: SeedBehaviour): void;
  close(): Promise<void>;
}

/** Files by path as the browser sends it (percent-encoded) on 127.0.0.1; what is missing is a 404. */
export async function startSeedServer(
  files: Readonly<Record<string, Uint8Array>>,
  behaviour: SeedBehaviour = sendRange,
): Promise<SeedServer> {
  const requests: { path: string; range: string }[] = [];
  const arrivals = new EventEmitter();
  let behave = behaviour;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push({ path, range: request.headers.range ?? '' });
    const bytes = files[path];
    if (bytes === undefined) response.writeHead(404).end('Not found');
    else behave(request, response, bytes);
    arrivals.emit('request');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin: `http://${host}`,
    host,
    requests,
    nextRequest: async () => void (await once(arrivals, 'request')),
    behave: (next) => (behave = next),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export interface AskedRange {
  readonly first: number;
  readonly last: number;
}

export function askedRange(request: IncomingMessage, lengthBytes: number): AskedRange {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  return { first: Number(first ?? 0), last: Math.min(Number(last ?? lengthBytes - 1), lengthBytes - 1) };
}

/** Starts a 206 with the headers an honest server sends; the body is the caller's. */
export function beginRange(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array): AskedRange {
  const range = askedRange(request, bytes.length);
  response.writeHead(206, {
    'content-range': `bytes ${range.first}-${range.last}/${bytes.length}`,
    'content-length': range.last - range.first + 1,
  });
  return range;
}

export const sendRange: SeedBehaviour = (request, response, bytes) => {
  const { first, last } = beginRange(request, response, bytes);
  response.end(bytes.subarray(first, last + 1));
};

export const sendWhole: SeedBehaviour = (_request, response, bytes) => {
  response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
};
