import type { IncomingMessage } from 'node:http';
import type { Connection, ServerMessage } from '../connection';
import { refusal } from '../refusal';
import { failureText, TrackerSession, trackerText, type TrackerParts } from '../tracker-session';
import { routeServer, type UpgradeRoute } from '../upgrade-routes';
import { keepsUp, REST_MS, type ClientSocket, type SocketClient } from './client-socket';
import type { TransportParts } from './transport-parts';

const CLOSE_POLICY = 1008;
const CLOSE_LATER = 1013;

type Parts = TransportParts & TrackerParts;

/** Serves `/announce`: a tracker for WebTorrent clients. A private server takes its token from the address, `?token=`: these clients have no other place. */
export function createTrackerRoute(parts: Parts): UpgradeRoute {
  const { access, config, log } = parts;
  return {
    server: routeServer(config.maxMessageBytes),
    serve(socket, request) {
      if (!access.isPrivate) return serve(socket, parts);
      // What it says meanwhile waits.
      socket.pause();
      const judge = async (): Promise<void> => {
        const isGood = await access.admits(tokenOf(request));
        if (socket.readyState !== socket.OPEN) return;
        if (isGood) serve(socket, parts);
        else fail(socket, refusal('unauthorized').error.message, CLOSE_POLICY);
        socket.resume();
      };
      judge().catch((error: unknown) => {
        log.error({ err: error }, 'a token could not be judged');
        socket.terminate();
      });
    },
    refuse: (socket, reason) => fail(socket, reason, CLOSE_LATER),
  };
}

function serve(socket: ClientSocket, parts: Parts): void {
  socket.client = new TrackerClient(socket, parts);
}

class TrackerClient implements Connection, SocketClient {
  readonly #socket: ClientSocket;
  readonly #parts: Parts;
  readonly #session: TrackerSession;

  constructor(socket: ClientSocket, parts: Parts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#session = new TrackerSession(parts, this);
    parts.metrics.connected('tracker');
  }

  get addressKey(): string {
    return this.#socket.addressKey;
  }

  deliver(message: ServerMessage): boolean {
    const socket = this.#socket;
    const text = trackerText(message);
    if (text === undefined || socket.readyState !== socket.OPEN) return false;
    socket.send(text);
    return keepsUp(socket, this.#parts);
  }

  hear(data: Buffer, isBinary: boolean): void {
    const socket = this.#socket;
    // Some clients send their JSON as a binary frame.
    const { say, isThrottled, cut } = this.#session.handle(isBinary && data.length === 0 ? undefined : data.toString());
    if (say !== undefined && socket.readyState === socket.OPEN) {
      socket.send(say);
      if (!keepsUp(socket, this.#parts)) return;
    }
    if (isThrottled && !cut) socket.rest(REST_MS);
    if (!cut) return;
    this.#parts.log.info('cut a client that went on after being told to wait');
    socket.close(CLOSE_POLICY);
  }

  closed(): void {
    this.#parts.metrics.disconnected('tracker');
    this.#session.close();
  }
}

function fail(socket: ClientSocket, reason: string, code: number): void {
  socket.send(failureText(undefined, reason));
  socket.close(code);
}

function tokenOf(request: IncomingMessage): string {
  return new URL(request.url ?? '/', 'http://server').searchParams.get('token') ?? '';
}
