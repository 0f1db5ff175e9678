import { STATUS_CODES, type IncomingMessage, type Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { assert } from '@/src/base/assert';
import type { Admission } from './admission';
import type { Heartbeat } from './heartbeat';
import { ClientSocket } from './transports/client-socket';
import { FrameSocketServer } from './transports/frame-socket';

export interface UpgradeRoute {
  readonly server: FrameSocketServer;
  /** Gives it a client, at once or once it has shown that it may. */
  serve(socket: ClientSocket, request: IncomingMessage): void;
  /** Its address has too many connections: says so in its protocol. */
  refuse(socket: ClientSocket, reason: string): void;
}

/** Makes the WebSockets of a route. Who is connected is known to the heartbeat. */
export function routeServer(maxPayload: number): FrameSocketServer {
  return new FrameSocketServer({ noServer: true, WebSocket: ClientSocket, clientTracking: false, maxPayload });
}

/**
 * One port for all transports: hands each upgrade to the route of its path, once it is admitted. `handled` are prefixes of those that
 * somebody else listens for.
 */
export function routeUpgrades(
  httpServer: HttpServer,
  { admission, heartbeat }: { readonly admission: Admission; readonly heartbeat: Heartbeat },
  routes: ReadonlyMap<string, UpgradeRoute>,
  handled: readonly string[],
): void {
  function forget(this: ClientSocket): void {
    heartbeat.forget(this);
  }

  function leave(this: ClientSocket): void {
    heartbeat.forget(this);
    admission.leave(this.addressKey);
    this.client?.closed();
  }

  function enter(route: UpgradeRoute, socket: ClientSocket, request: IncomingMessage): void {
    // Frames that break the WebSocket protocol, or are too long: the library closes the socket by itself.
    socket.on('error', ignore);
    heartbeat.watch(socket);
    socket.addressKey = admission.addressKey(request);
    if (!admission.enter(socket.addressKey)) {
      socket.listen(forget);
      return route.refuse(socket, 'This address has as many connections as it may.');
    }
    socket.listen(leave);
    route.serve(socket, request);
  }

  httpServer.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    if (handled.some((prefix) => path.startsWith(prefix))) return;
    const route = routes.get(path);
    // Looking for what there is costs as much as connecting does.
    const turned = admission.judge(request);
    if (turned !== undefined) return answer(stream, turned.status, turned.reason);
    if (route === undefined) return answer(stream, 404, 'There is nothing at this address. Use /socket.io/, /ws or /announce.');
    route.server.handleUpgrade(request, stream, head, (socket) => {
      assert(socket instanceof ClientSocket, 'the route makes client sockets');
      enter(route, socket, request);
    });
  });
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
  // A client that hangs up while it is answered is nobody's error.
  stream.on('error', destroy);
  // Whoever keeps its own side open would keep the connection: no time limit of HTTP holds after an upgrade.
  stream.once('finish', destroy);
  stream.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function destroy(this: Duplex): void {
  this.destroy();
}
