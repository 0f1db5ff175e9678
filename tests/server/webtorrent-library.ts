import { Server } from 'bittorrent-tracker';
import type { EventEmitter } from 'node:events';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import WebTorrent from 'webtorrent';
import { systemClock } from '@/src/host/system-clock';
import { createNodeConnection } from '@/src/host/node-rtc';
import type { TrackerSnapshot } from '@/src/protocol/engine-api';
import { parseInfoHash, parsePeerId, type InfoHash, type PeerId } from '@/src/protocol/ids';
import { PeerAdmission } from '@/src/transport/peer-admission';
import { createTrackerClient, type TrackerClient, type TrackerClientOptions } from '@/src/transport/webtorrent-tracker';
import type { WireChannel } from '@/src/transport/wire-channel';

/** As much of the library as these tests use. */
export interface LibraryTorrent extends EventEmitter {
  readonly infoHash: string;
  readonly files: readonly { arrayBuffer(): Promise<ArrayBuffer> }[];
  readonly wires: readonly { readonly peerId: string }[];
  addPeer(peer: WireChannel): boolean;
}

interface LibraryClient extends EventEmitter {
  readonly peerId: string;
  seed(content: Uint8Array, options: object, onSeed: (torrent: LibraryTorrent) => void): void;
  add(torrentId: string, options: object): LibraryTorrent;
  destroy(onDestroyed: () => void): void;
}

const Library = WebTorrent as unknown as new (options: object) => LibraryClient;
const ALONE = { dht: false, lsd: false, natUpnp: false, natPmp: false, utp: false, webSeeds: false, utPex: false };

type StoreCallback = (error: Error | null, bytes?: Uint8Array) => void;

/** The library's interface of a store, in memory: its own would share one folder between all peers of this process. */
class MemoryStore {
  readonly chunkLength: number;
  readonly #pieces = new Map<number, Uint8Array>();

  constructor(chunkLength: number) {
    this.chunkLength = chunkLength;
  }

  put(index: number, bytes: Uint8Array, done: StoreCallback): void {
    this.#pieces.set(index, bytes.slice());
    queueMicrotask(() => done(null));
  }

  get(index: number, options: { offset?: number; length?: number } | null | StoreCallback, done?: StoreCallback): void {
    if (typeof options === 'function') return this.get(index, null, options);
    const piece = this.#pieces.get(index);
    const { offset = 0, length = (piece?.length ?? 0) - offset } = options ?? {};
    queueMicrotask(() => (piece === undefined ? done?.(new Error('missing')) : done?.(null, piece.slice(offset, offset + length))));
  }

  close(done: StoreCallback): void {
    done(null);
  }

  destroy(done: StoreCallback): void {
    done(null);
  }
}

/** The stock tracker, in this process. */
export async function startStockTracker(port = 0): Promise<{ url: string; port: number; close(): Promise<void> }> {
  const server = new Server({ http: false, udp: false, ws: true, stats: false });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  // Closing waits for its clients to leave.
  const clients = new Set<{ terminate(): void }>();
  (server.ws as unknown as EventEmitter).on('connection', (client: { terminate(): void }) => void clients.add(client));
  const close = (): Promise<void> => {
    for (const client of clients) client.terminate();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  const { port: bound } = server.ws.address();
  return { url: `ws://127.0.0.1:${bound}`, port: bound, close };
}

/** The library with nothing of its own that finds peers, or with its own tracker client. */
export function libraryClient(hasTracker: boolean): LibraryClient {
  const client = new Library({ ...ALONE, tracker: hasTracker ? { rtcConfig: { iceServers: [] } } : false });
  onTestFinished(() => new Promise((resolve) => client.destroy(() => resolve())));
  return client;
}

export async function leech(client: LibraryClient, infoHash: string, announce: readonly string[]): Promise<LibraryTorrent> {
  const torrent = client.add(infoHash, { announce, store: MemoryStore });
  await once(torrent, 'infoHash');
  return torrent;
}

export function seed(client: LibraryClient, content: Uint8Array, announce: readonly string[]): Promise<LibraryTorrent> {
  return new Promise((resolve) => {
    client.seed(Object.assign(content.slice(), { name: 'film.bin' }), { announce, pieceLength: 64 * 1024, store: MemoryStore }, resolve);
  });
}

export interface OwnPeer {
  readonly admission: PeerAdmission;
  readonly channels: WireChannel[];
  readonly statuses: TrackerSnapshot[];
  readonly client: TrackerClient;
  /** Resolves at the first status that fits. */
  status(fits: (status: TrackerSnapshot) => boolean): Promise<TrackerSnapshot>;
}

/** Our tracker client; its channels go to the torrent. */
export function ownPeer(
  torrentHash: string,
  peerIdText: string,
  url: string,
  onChannel: (channel: WireChannel) => void,
  options: Partial<TrackerClientOptions> = {},
): OwnPeer {
  const abort = new AbortController();
  const peerId = parsePeerId(peerIdText) as PeerId;
  const admission = new PeerAdmission({ ownId: peerId, clock: options.clock ?? systemClock });
  const channels: WireChannel[] = [];
  const statuses: TrackerSnapshot[] = [];
  const waiting = new Set<(status: TrackerSnapshot) => void>();
  onTestFinished(() => {
    abort.abort();
    for (const channel of channels) channel.close('the test ended');
  });
  const client = createTrackerClient({
    url,
    typedByViewer: true,
    infoHash: parseInfoHash(torrentHash) as InfoHash,
    peerId,
    signal: abort.signal,
    clock: systemClock,
    random: Math.random,
    randomBytes: (lengthBytes) => crypto.getRandomValues(new Uint8Array(lengthBytes)),
    createConnection: createNodeConnection,
    rtcConfiguration: () => ({ iceServers: [] }),
    allowHost: true,
    admission,
    wanted: () => 10,
    progress: () => ({ uploadedBytes: 0, downloadedBytes: 0, leftBytes: undefined }),
    onChannel(channel) {
      channels.push(channel);
      onChannel(channel);
    },
    onStatus(status) {
      statuses.push(status);
      for (const tell of waiting) tell(status);
    },
    // libdatachannel starts ICE before it takes in the rest of an answer: on a busy machine the certificate of whoever is quick to connect
    // is refused ("unknown CA"), in about one of ten tries. The next one need not wait for a viewer's patience.
    ...options,
    limits: { minIntervalMs: 1000, ...options.limits },
  });
  return {
    admission,
    channels,
    statuses,
    client,
    status(fits) {
      return new Promise((resolve) => {
        const tell = (status: TrackerSnapshot): void => {
          if (!fits(status)) return;
          waiting.delete(tell);
          resolve(status);
        };
        waiting.add(tell);
        for (const status of statuses.slice(-1)) tell(status);
      });
    },
  };
}
