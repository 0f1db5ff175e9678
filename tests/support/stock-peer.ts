import { once, type EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import WebTorrent, { type Torrent } from 'webtorrent';
import { concatBytes, type Bytes } from '@/src/base/bytes';
import type { TorrentInfo } from '@/src/protocol/torrent-info';

/** Several times what the library takes to connect: it waits five seconds for candidates on either side. */
const RELOAD_MS = 50_000;

/**
 * Resolves with a peer that holds every piece. A connection that does not come about on a busy machine the library tries again minutes later;
 * who waits for the film reloads the page before that, and is somebody else then.
 */
export async function untilTaken(join: () => Promise<StockPeer>): Promise<StockPeer> {
  for (;;) {
    const peer = await join();
    const isDone = await Promise.race([peer.whenDone().then(() => true), delay(RELOAD_MS, false, { ref: false })]);
    if (isDone) return peer;
    await peer.close();
  }
}

/** The WebTorrent library as anybody uses it: its own tracker client, its own store. */
export class StockPeer {
  readonly torrent: Torrent;
  readonly #client: WebTorrent;
  #closing: Promise<void> | undefined;

  private constructor(client: WebTorrent, torrent: Torrent) {
    this.#client = client;
    this.torrent = torrent;
  }

  /**
   * @param film what it holds; without it nothing, and of pieces that do not verify nothing, either
   * @param uploadLimit bytes a second
   */
  static async start(info: TorrentInfo, trackerUrl: string, film?: Bytes, uploadLimit = -1): Promise<StockPeer> {
    const client = new WebTorrent({
      uploadLimit,
      dht: false,
      lsd: false,
      natUpnp: false,
      natPmp: false,
      utp: false,
      tracker: { rtcConfig: { iceServers: [] } },
    });
    const text = new TextEncoder();
    const torrent = client.add(concatBytes(text.encode('d4:info'), info.infoBytes, text.encode('e')), {
      announce: [trackerUrl],
      preloadedStore: new PieceStore(info, film),
    });
    await once(torrent as unknown as EventEmitter, 'ready');
    return new StockPeer(client, torrent);
  }

  /** Resolves once it holds every piece. */
  whenDone(): Promise<void> {
    return new Promise((resolve) => this.torrent.on('done', resolve));
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => this.#client.destroy(() => resolve()));
    return this.#closing;
  }
}

type GetDone = (error: null, bytes: Uint8Array) => void;

/** An abstract-chunk-store in memory. */
class PieceStore {
  readonly chunkLength: number;
  readonly #bytes: Bytes;

  constructor(info: TorrentInfo, film: Bytes | undefined) {
    this.chunkLength = info.pieceLengthBytes;
    this.#bytes = film?.slice() ?? new Uint8Array(info.totalBytes);
  }

  put(piece: number, bytes: Uint8Array, done: (error: null) => void): void {
    this.#bytes.set(bytes, piece * this.chunkLength);
    done(null);
  }

  get(piece: number, ...rest: [GetDone] | [{ offset?: number; length?: number } | null, GetDone]): void {
    const [options, done] = rest.length === 1 ? [null, rest[0]] : rest;
    const start = piece * this.chunkLength + (options?.offset ?? 0);
    const end = options?.length === undefined ? (piece + 1) * this.chunkLength : start + options.length;
    done(null, this.#bytes.slice(start, end));
  }

  close(done: (error: null) => void): void {
    done(null);
  }

  destroy(done: (error: null) => void): void {
    done(null);
  }
}
