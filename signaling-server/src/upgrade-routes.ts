import { STATUS_CODES, type IncomingMessage, type Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import type { Admission } from './admission';

export interface UpgradeRoute {
  readonly server: WebSocketServer;
  /** @param addressKey counted until the socket closes */
  serve(socket: WebSocket, request: IncomingMessage, addressKey: string): void;
  /** Its address has too many connections: says so in its protocol. */
  refuse(socket: WebSocket, reason: string): void;
}

/**
 * One port for all transports: hands each upgrade to the route of its path, once it is admitted. `handled` are prefixes of those that
 * somebody else listens for.
 */
export function routeUpgrades(
  httpServer: HttpServer,
  admission: Admission,
  routes: ReadonlyMap<string, UpgradeRoute>,
  handled: readonly string[],
): void {
  httpServer.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    if (handled.some((prefix) => path.startsWith(prefix))) return;
    const route = routes.get(path);
    stream.on('error', destroy);
    // Looking for what there is costs as much as connecting does.
    const turned = admission.judge(request);
    if (turned !== undefined) return answer(stream, turned.status, turned.reason);
    if (route === undefined) return answer(stream, 404, 'There is nothing at this address. Use /socket.io/, /ws or /announce.');
    route.server.handleUpgrade(request, stream, head, (socket) => enter(route, request, socket, admission));
  });
}

function enter(route: UpgradeRoute, request: IncomingMessage, socket: WebSocket, admission: Admission): void {
  const addressKey = admission.addressKey(request);
  // Frames that break the WebSocket protocol, or are too long: the library closes the socket by itself.
  socket.on('error', ignore);
  if (!admission.enter(addressKey)) return route.refuse(socket, 'This address has as many connections as it may.');
  leaveOnClose(socket, admission, addressKey);
  route.serve(socket, request, addressKey);
}

/** A function of its own, so that what listens does not keep the request in memory for as long as the connection lasts. */
function leaveOnClose(socket: WebSocket, admission: Admission, addressKey: string): void {
  socket.once('close', () => admission.leave(addressKey));
}

/** A client that hangs up while it is answered is nobody's error. Not a closure: it would keep the request as long as the connection lasts. */
function destroy(this: Duplex): void {
  this.destroy();
}

function ignore(): void {}

function answer(stream: Duplex, status: number, reason: string): void {
  const body = `${reason}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  // Whoever keeps its own side open would keep the connection: no time limit of HTTP holds after an upgrade.
  stream.once('finish', destroy);
  stream.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
