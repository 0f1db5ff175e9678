import type { IncomingMessage } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Connection } from '../connection';
import { refusal } from '../refusal';
import { TrackerSession, trackerText, type TrackerParts } from '../tracker-session';
import type { UpgradeRoute } from '../upgrade-routes';
import type { TransportParts } from './transport-parts';

const CLOSE_POLICY = 1008;
const CLOSE_LATER = 1013;

/** Serves `/announce`: a tracker for WebTorrent clients. A private server takes its token from the address, `?token=`: these clients have no other place. */
export function createTrackerRoute(parts: TransportParts & TrackerParts): UpgradeRoute {
  const { access, config, heartbeat, log } = parts;
  return {
    server: new WebSocketServer({ noServer: true, clientTracking: true, perMessageDeflate: false, maxPayload: config.maxMessageBytes }),
    serve(socket, request, addressKey) {
      heartbeat.watch(socket);
      if (!access.isPrivate) return serve(socket, addressKey, parts);
      // What it says meanwhile waits.
      socket.pause();
      const judge = async (): Promise<void> => {
        if (await access.admits(tokenOf(request))) serve(socket, addressKey, parts);
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

function serve(socket: WebSocket, addressKey: string, parts: TransportParts & TrackerParts): void {
  const { config, log, metrics } = parts;
  const connection: Connection = {
    addressKey,
    deliver(message) {
      const text = trackerText(message);
      if (text === undefined || socket.readyState !== socket.OPEN) return false;
      socket.send(text);
      if (socket.bufferedAmount <= config.maxBacklogBytes) return true;
      log.info('cut a client that does not read');
      socket.terminate();
      return false;
    },
  };
  const session = new TrackerSession(parts, connection);
  metrics.connected('tracker');
  const answer = (text: string | undefined): void => {
    const { say, cut } = session.handle(text);
    if (say !== undefined && socket.readyState === socket.OPEN) socket.send(JSON.stringify(say));
    if (!cut) return;
    log.info('cut a client that went on after being told to wait');
    socket.close(CLOSE_POLICY);
  };
  socket.on('message', (data: Buffer, isBinary) => {
    // Some clients send their JSON as a binary frame.
    answer(isBinary && data.length === 0 ? undefined : data.toString());
  });
  socket.once('close', () => {
    metrics.disconnected('tracker');
    session.close();
  });
}

function fail(socket: WebSocket, reason: string, code: number): void {
  socket.send(JSON.stringify({ action: 'announce', 'failure reason': reason }));
  socket.close(code);
}

function tokenOf(request: IncomingMessage): string {
  return new URL(request.url ?? '/', 'http://server').searchParams.get('token') ?? '';
}
