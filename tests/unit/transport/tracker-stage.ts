import { onTestFinished } from 'vitest';
import { createNodeConnection } from '@/src/host/node-rtc';
import type { TrackerSnapshot } from '@/src/protocol/engine-api';
import { PeerAdmission } from '@/src/transport/peer-admission';
import { toBinaryText } from '@/src/transport/tracker-messages';
import {
  createTrackerClient,
  DEFAULT_TRACKER_LIMITS,
  type TrackerClient,
  type TrackerClientOptions,
} from '@/src/transport/webtorrent-tracker';
import { ManualClock } from '../engine/manual-clock';
import { INFO_HASH, PEER_ID } from './wire-bytes';

/** A tracker's end of a WebSocket, in the hands of a test. */
export class FakeSocket extends EventTarget {
  readonly url: string;
  readonly sent: Record<string, unknown>[] = [];
  readyState: number = WebSocket.CONNECTING;
  readonly #onSent: () => void;

  constructor(url: string, onSent: () => void) {
    super();
    this.url = url;
    this.#onSent = onSent;
  }

  open(): void {
    this.readyState = WebSocket.OPEN;
    this.dispatchEvent(new Event('open'));
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
    this.#onSent();
  }

  /** The tracker says something about the torrent. */
  say(facts: Record<string, unknown>): void {
    this.sayText(JSON.stringify({ action: 'announce', info_hash: toBinaryText(INFO_HASH), ...facts }));
  }

  sayText(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }

  close(): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.dispatchEvent(new Event('close'));
  }
}

export interface TrackerStage {
  readonly clock: ManualClock;
  readonly admission: PeerAdmission;
  readonly sockets: FakeSocket[];
  readonly statuses: TrackerSnapshot[];
  readonly connections: RTCPeerConnection[];
  readonly client: TrackerClient;
  readonly abort: AbortController;
  /** The socket that is in use. */
  socket(): FakeSocket;
  /** Resolves once so many messages were sent over all sockets. */
  sent(count: number): Promise<Record<string, unknown>[]>;
}

/** A client whose tracker, time and chance are the test's; connections are real. */
export function trackerStage(options: Partial<TrackerClientOptions> = {}): TrackerStage {
  const clock = new ManualClock();
  const abort = new AbortController();
  const admission = new PeerAdmission({ ownId: PEER_ID, clock });
  const sockets: FakeSocket[] = [];
  const statuses: TrackerSnapshot[] = [];
  const connections: RTCPeerConnection[] = [];
  const waiting = new Set<() => void>();
  const messages = (): Record<string, unknown>[] => sockets.flatMap(({ sent }) => sent);
  onTestFinished(() => {
    abort.abort();
    for (const connection of connections) connection.close();
  });
  const client = createTrackerClient({
    url: 'wss://tracker.example/announce',
    typedByViewer: false,
    infoHash: INFO_HASH,
    peerId: PEER_ID,
    signal: abort.signal,
    clock,
    random: () => 0.5,
    randomBytes: (lengthBytes) => crypto.getRandomValues(new Uint8Array(lengthBytes)),
    createConnection(configuration) {
      const connection = createNodeConnection(configuration);
      connections.push(connection);
      return connection;
    },
    createSocket(url) {
      const socket = new FakeSocket(url, () => {
        for (const check of waiting) check();
      });
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    rtcConfiguration: () => ({ iceServers: [] }),
    allowHost: true,
    admission,
    wanted: () => 20,
    progress: () => ({ uploadedBytes: 0, downloadedBytes: 0, leftBytes: undefined }),
    onChannel() {},
    onStatus: (status) => void statuses.push(status),
    ...options,
    // One full announce, unless a test is about how it begins.
    limits: { firstOffers: options.limits?.offersPerAnnounce ?? DEFAULT_TRACKER_LIMITS.offersPerAnnounce, ...options.limits },
  });
  return {
    clock,
    admission,
    sockets,
    statuses,
    connections,
    client,
    abort,
    socket() {
      const socket = sockets.at(-1);
      if (socket === undefined) throw new Error('no connection was tried');
      return socket;
    },
    sent(count) {
      return new Promise((resolve) => {
        const check = (): void => {
          if (messages().length < count) return;
          waiting.delete(check);
          resolve(messages());
        };
        waiting.add(check);
        check();
      });
    },
  };
}
