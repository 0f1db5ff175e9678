import { WebSocketServer, type WebSocket } from 'ws';
import { encodeFrame, readClientFrame, type ClientFrame, type ServerFrame } from '@/src/protocol/web-socket-frames';
import { ClientSession, type Handled } from '../client-session';
import type { Connection } from '../connection';
import { refusal } from '../refusal';
import type { UpgradeRoute } from '../upgrade-routes';
import type { TransportParts } from './transport-parts';

/** WebSocket close codes (RFC 6455, section 7.4.1; 1013 by IANA's registry). */
const CLOSE_POLICY = 1008;
const CLOSE_LATER = 1013;

/** Serves `/ws`: the events of Socket.IO as plain frames of JSON (SPEC G8). */
export function createWebSocketRoute(parts: TransportParts): UpgradeRoute {
  const { config, heartbeat } = parts;
  return {
    server: new WebSocketServer({ noServer: true, clientTracking: true, perMessageDeflate: false, maxPayload: config.maxMessageBytes }),
    serve(socket, _request, addressKey) {
      heartbeat.watch(socket);
      serve(socket, addressKey, parts);
    },
    refuse(socket, reason) {
      say(socket, { type: 'error', payload: { code: 'rate-limited', message: reason } });
      socket.close(CLOSE_LATER);
    },
  };
}

function serve(socket: WebSocket, addressKey: string, parts: TransportParts): void {
  const { config, log, metrics } = parts;
  const connection: Connection = {
    addressKey,
    deliver({ event, payload }) {
      if (socket.readyState !== socket.OPEN) return false;
      say(socket, { type: event, payload });
      if (socket.bufferedAmount <= config.maxBacklogBytes) return true;
      log.info('cut a client that does not read');
      socket.terminate();
      return false;
    },
  };
  const session = new ClientSession(parts, connection);
  metrics.connected('ws');

  const tell = (frame: ClientFrame | undefined, { answer, cut }: Handled): void => {
    if (frame?.id !== undefined) say(socket, { type: 'ack', id: frame.id, payload: answer });
    else if ('error' in answer) say(socket, { type: 'error', payload: answer.error });
    if (!cut) return;
    log.info('cut a client that went on after being told to wait');
    socket.close(CLOSE_POLICY);
  };

  socket.on('message', (data: Buffer, isBinary) => {
    const frame = isBinary ? undefined : readClientFrame(data.toString());
    if (frame?.type !== 'auth') return tell(frame, session.handle(frame?.type, frame?.payload));
    session.authorize(frame.payload).then(
      (handled) => tell(frame, handled),
      (error: unknown) => log.error({ err: error }, 'a token could not be judged'),
    );
  });
  socket.once('close', () => {
    metrics.disconnected('ws');
    session.close();
  });
  if (parts.access.isPrivate) {
    session.expectToken(() => {
      say(socket, { type: 'error', payload: refusal('unauthorized').error });
      socket.close(CLOSE_POLICY);
    });
  }
}

function say(socket: WebSocket, frame: ServerFrame): void {
  if (socket.readyState === socket.OPEN) socket.send(encodeFrame(frame));
}
