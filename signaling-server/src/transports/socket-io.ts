import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import { createPacketParser, PACKET_TYPE } from '@/src/protocol/socket-io-packets';
import type { SignalingError } from '@/src/protocol/signaling-events';
import { clientAddressKey } from '../client-address';
import { ClientSession, type Answer, type HubParts } from '../client-session';
import type { ServerConfig } from '../config';
import type { Connection } from '../connection';
import type { ConnectionCounts } from '../connection-counts';
import { Backlog } from './backlog';

export interface TransportParts extends HubParts {
  readonly config: ServerConfig;
  readonly counts: ConnectionCounts;
  readonly log: Logger;
}

/** A client that connected but does not say that it speaks Socket.IO is let go after this. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Ids, names and framing around the sealed text. */
const MESSAGE_OVERHEAD_BYTES = 256;

/** Serves Socket.IO on `/socket.io/`, over WebSocket only: long polling would need sticky sessions and gives every message the cost of a request. */
export function attachSocketIo(httpServer: HttpServer, parts: TransportParts): { close(): Promise<void> } {
  const { config, counts, rateLimits, log } = parts;
  const admitted = new WeakSet<Socket['conn']>();
  const addressKey = (request: IncomingMessage) => clientAddressKey(request, config.trustedProxies);

  const io = new Server(httpServer, {
    transports: ['websocket'],
    allowUpgrades: false,
    serveClient: false,
    cors: { origin: '*' },
    destroyUpgrade: true,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: config.maxMessageBytes,
    connectTimeout: CONNECT_TIMEOUT_MS,
    pingInterval: config.pingIntervalSeconds * 1000,
    pingTimeout: config.pingTimeoutSeconds * 1000,
    parser: createPacketParser([PACKET_TYPE.connect, PACKET_TYPE.disconnect, PACKET_TYPE.event]),
    allowRequest: (request, decide) => {
      if (counts.total >= config.maxConnections) return decide('This signaling server is full.', false);
      rateLimits.connect(addressKey(request)).then(
        (allowed) => decide(allowed ? null : 'Too many new connections from this address.', allowed),
        (error: unknown) => {
          log.error({ err: error }, 'a connection could not be judged');
          decide('This signaling server has an internal error.', false);
        },
      );
    },
  });

  io.engine.on('connection', (connection: Socket['conn']) => {
    const key = addressKey(connection.request);
    if (!counts.enter(key)) return;
    admitted.add(connection);
    connection.on('close', () => counts.leave(key));
  });

  io.use((socket, next) => {
    if (admitted.has(socket.conn)) return next();
    const error: SignalingError = { code: 'rate-limited', message: 'This address has as many connections as it may.' };
    next(Object.assign(new Error(error.message), { data: error }));
  });

  io.on('connection', (socket) => serve(socket, addressKey(socket.request), parts));
  return { close: () => io.close() };
}

function serve(socket: Socket, addressKey: string, parts: TransportParts): void {
  const { config, log } = parts;
  const backlog = new Backlog(socket.conn);
  const connection: Connection = {
    addressKey,
    deliver({ event, payload }) {
      if (!socket.connected) return false;
      backlog.add(MESSAGE_OVERHEAD_BYTES + ('sealed' in payload ? payload.sealed.length : 0));
      socket.emit(event, payload);
      if (backlog.bytes <= config.maxBacklogBytes) return true;
      log.info('cut a client that does not read');
      socket.conn.close(true);
      return false;
    },
  };
  const session = new ClientSession(parts, connection, socket.id);

  const answer = async (event: unknown, args: readonly unknown[]): Promise<void> => {
    const last = args.at(-1);
    const acknowledge = typeof last === 'function' ? (last as (answer: Answer) => void) : undefined;
    const { answer, cut } = await session.handle(event, args[0]);
    acknowledge?.(answer);
    if (!cut) return;
    log.info('cut a client that went on after being told to wait');
    socket.disconnect(true);
  };
  const report = (error: unknown): void => log.error({ err: error }, 'a message could not be handled');

  socket.onAny((event: unknown, ...args: unknown[]) => {
    answer(event, args).catch(report);
  });
  socket.on('disconnect', () => {
    session.close().catch(report);
  });
}
