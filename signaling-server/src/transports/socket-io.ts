import type { Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server, type Socket } from 'socket.io';
import * as v from 'valibot';
import { relayedJson } from '@/src/protocol/relayed-json';
import { createPacketParser, encodePacket, PACKET_TYPE } from '@/src/protocol/socket-io-packets';
import type { SignalingError } from '@/src/protocol/signaling-events';
import { authSchema } from '@/src/protocol/web-socket-frames';
import { ClientSession, type Answer } from '../client-session';
import type { Connection, ServerMessage } from '../connection';
import { refusal } from '../refusal';
import { Backlog } from './backlog';
import { FrameSocketServer } from './frame-socket';
import type { TransportParts } from './transport-parts';

/** A client that connected but does not say that it speaks Socket.IO is let go after this. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Ids, names and framing around the sealed text. */
const MESSAGE_OVERHEAD_BYTES = 256;

export const SOCKET_IO_PATH = '/socket.io/';

/** Serves Socket.IO on `/socket.io/`, over WebSocket only: long polling would need sticky sessions and gives every message the cost of a request. */
export function attachSocketIo(httpServer: HttpServer, parts: TransportParts): { close(): Promise<void>; terminate(): void } {
  const { access, admission, config } = parts;
  const admitted = new WeakSet<Socket['conn']>();
  /** Of the network: they may outlive what the library knows of. */
  const networkSockets = new Set<Duplex>();

  const io = new Server(httpServer, {
    path: SOCKET_IO_PATH,
    transports: ['websocket'],
    allowUpgrades: false,
    serveClient: false,
    cors: { origin: '*' },
    // Other paths of this port have routes of their own.
    destroyUpgrade: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: config.maxMessageBytes,
    wsEngine: FrameSocketServer,
    connectTimeout: CONNECT_TIMEOUT_MS,
    pingInterval: config.pingIntervalSeconds * 1000,
    pingTimeout: config.pingTimeoutSeconds * 1000,
    parser: createPacketParser([PACKET_TYPE.connect, PACKET_TYPE.disconnect, PACKET_TYPE.event]),
    allowRequest: (request, decide) => {
      const turned = admission.judge(request);
      decide(turned?.reason ?? null, turned === undefined);
    },
  });

  io.engine.on('connection', (connection: Socket['conn']) => {
    const key = admission.addressKey(connection.request);
    const networkSocket = connection.request.socket;
    networkSockets.add(networkSocket);
    networkSocket.on('close', () => networkSockets.delete(networkSocket));
    if (!admission.enter(key)) return;
    admitted.add(connection);
    connection.on('close', () => admission.leave(key));
  });

  io.use((socket, next) => {
    if (!admitted.has(socket.conn)) {
      return next(errorOf({ code: 'rate-limited', message: 'This address has as many connections as it may.' }));
    }
    if (!access.isPrivate) return next();
    const auth = v.safeParse(authSchema, socket.handshake.auth);
    const judge = async (): Promise<void> => {
      const isGood = auth.success && (await access.admits(auth.output.token));
      next(isGood ? undefined : errorOf(refusal('unauthorized').error));
    };
    void judge();
  });

  io.on('connection', (socket) => serve(socket, admission.addressKey(socket.request), parts));
  return {
    close: () => io.close(),
    /** Of whoever does not take leave. */
    terminate() {
      for (const socket of networkSockets) socket.destroy();
    },
  };
}

function errorOf(error: SignalingError): Error {
  return Object.assign(new Error(error.message), { data: error });
}

function serve(socket: Socket, addressKey: string, parts: TransportParts): void {
  const { config, log, metrics } = parts;
  const backlog = new Backlog(socket.conn);
  const keepsUp = (): boolean => {
    if (backlog.bytes <= config.maxBacklogBytes) return true;
    log.info('cut a client that does not read');
    socket.conn.close(true);
    // What waits for it would stay until it answers the closing handshake, which it does not read.
    socket.conn.request.socket.destroy();
    return false;
  };
  const connection: Connection = {
    addressKey,
    deliver(message) {
      const { payload } = message;
      if (!socket.connected) return false;
      backlog.add(MESSAGE_OVERHEAD_BYTES + ('sealed' in payload ? payload.sealed.length : 0));
      // What `emit` would write, without what it does for rooms, attachments and listeners that there are none of.
      socket.conn.write(eventPacket(message));
      return keepsUp();
    },
  };
  // Whoever has no good token did not come this far.
  const session = new ClientSession(parts, connection, true);
  metrics.connected('socket.io');

  socket.onAny((event: unknown, ...args: unknown[]) => {
    const last = args.at(-1);
    const acknowledge = typeof last === 'function' ? (last as (answer: Answer) => void) : undefined;
    const { answer, cut } = session.handle(event, args[0]);
    if (acknowledge !== undefined && socket.connected) {
      backlog.add(MESSAGE_OVERHEAD_BYTES + ('peers' in answer ? JSON.stringify(answer).length : 0));
      acknowledge(answer);
      if (!keepsUp()) return;
    }
    if (!cut) return;
    log.info('cut a client that went on after being told to wait');
    socket.disconnect(true);
  });
  socket.on('disconnect', () => {
    metrics.disconnected('socket.io');
    session.close();
  });
}

function eventPacket({ event, payload }: ServerMessage): string {
  if (event === 'peer-left') return encodePacket({ type: PACKET_TYPE.event, data: [event, payload] });
  return `${PACKET_TYPE.event}["${event}",${relayedJson(payload, String(payload.sealed))}]`;
}
