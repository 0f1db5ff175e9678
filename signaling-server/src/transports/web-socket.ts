import { relayedJson } from '@/src/protocol/relayed-json';
import { encodeFrame, readClientFrame, type ClientFrame, type ServerFrame } from '@/src/protocol/web-socket-frames';
import { ClientSession, type Handled } from '../client-session';
import type { Connection, ServerMessage } from '../connection';
import { refusal } from '../refusal';
import { SealedBytes } from '../sealed-bytes';
import { routeServer, type UpgradeRoute } from '../upgrade-routes';
import { keepsUp, REST_MS, type ClientSocket, type SocketClient } from './client-socket';
import { readRelayFrame, relayFrame } from './relay-frame';
import { textFrame } from './text-frame';
import type { TransportParts } from './transport-parts';

/** WebSocket close codes (RFC 6455, section 7.4.1; 1013 by IANA's registry). */
const CLOSE_POLICY = 1008;
const CLOSE_LATER = 1013;

/** Serves `/ws`: the events of Socket.IO as plain frames of JSON (SPEC G8). */
export function createWebSocketRoute(parts: TransportParts): UpgradeRoute {
  return {
    server: routeServer(parts.config.maxMessageBytes),
    serve(socket) {
      const client = new WebSocketClient(socket, parts);
      socket.client = client;
      if (parts.access.isPrivate) client.expectToken();
    },
    refuse(socket, reason) {
      say(socket, { type: 'error', payload: { code: 'rate-limited', message: reason } });
      socket.close(CLOSE_LATER);
    },
  };
}

class WebSocketClient implements Connection, SocketClient {
  readonly #socket: ClientSocket;
  readonly #parts: TransportParts;
  readonly #session: ClientSession;

  constructor(socket: ClientSocket, parts: TransportParts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#session = new ClientSession(parts, this);
    parts.metrics.connected('ws');
  }

  get addressKey(): string {
    return this.#socket.addressKey;
  }

  deliver(message: ServerMessage): boolean {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return false;
    socket.sendFrame(frameOf(message));
    return keepsUp(socket, this.#parts);
  }

  hear(data: Buffer, isBinary: boolean): void {
    const frame = isBinary ? undefined : (readRelayFrame(data) ?? readClientFrame(data.toString()));
    if (frame?.type !== 'auth') {
      this.#tell(frame, this.#session.handle(frame?.type, frame?.payload));
      // It may be as much work as a hundred others, and more of them may be behind it.
      if (frame?.type === 'announce') this.#socket.yield();
      return;
    }
    this.#session.authorize(frame.payload).then(
      (handled) => this.#tell(frame, handled),
      (error: unknown) => this.#parts.log.error({ err: error }, 'a token could not be judged'),
    );
  }

  closed(): void {
    this.#parts.metrics.disconnected('ws');
    this.#session.close();
  }

  expectToken(): void {
    this.#session.expectToken(() => {
      say(this.#socket, { type: 'error', payload: refusal('unauthorized').error });
      this.#socket.close(CLOSE_POLICY);
    });
  }

  #tell(frame: Pick<ClientFrame, 'id'> | undefined, { answer, cut }: Handled): void {
    if (frame?.id !== undefined) say(this.#socket, { type: 'ack', id: frame.id, payload: answer });
    else if ('error' in answer) say(this.#socket, { type: 'error', payload: answer.error });
    if (!keepsUp(this.#socket, this.#parts)) return;
    if (!cut && 'error' in answer && answer.error.code === 'rate-limited') this.#socket.rest(REST_MS);
    if (!cut) return;
    this.#parts.log.info('cut a client that went on after being told to wait');
    this.#socket.close(CLOSE_POLICY);
  }
}

function frameOf({ event, payload }: ServerMessage): Buffer {
  if (event === 'peer-left') return textFrame(encodeFrame({ type: event, payload }));
  const { sealed } = payload;
  if (sealed instanceof SealedBytes) return relayFrame(event, payload, sealed);
  return textFrame(`{"type":"${event}","payload":${relayedJson(payload, sealed)}}`);
}

function say(socket: ClientSocket, frame: ServerFrame): void {
  if (socket.readyState === socket.OPEN) socket.send(encodeFrame(frame));
}
