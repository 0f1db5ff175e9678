import { once, type EventEmitter } from 'node:events';
import WebTorrent from 'webtorrent';
import MemoryStore from 'memory-chunk-store';
import { concatBytes, type Bytes } from '@/src/base/bytes';
import { pieceSizeBytes, type TorrentInfo } from '@/src/protocol/torrent-info';

/** The WebTorrent library as anybody uses it: its own tracker client, its own store. */
export class StockPeer {
  readonly torrent: InstanceType<typeof WebTorrent>['torrents'][number];
  readonly #client: WebTorrent;

  private constructor(client: WebTorrent, torrent: StockPeer['torrent']) {
    this.#client = client;
    this.torrent = torrent;
  }

  /** @param film what it holds; without it nothing */
  static async start(info: TorrentInfo, trackerUrl: string, film?: Bytes): Promise<StockPeer> {
    const client = new WebTorrent({ dht: false, lsd: false, natUpnp: false, natPmp: false, utp: false, tracker: { rtcConfig: { iceServers: [] } } });
    const text = new TextEncoder();
    const store = new MemoryStore(info.pieceLengthBytes);
    const stored: Promise<void>[] = [];
    for (let piece = 0; film !== undefined && piece < info.pieceCount; piece++) {
      const start = piece * info.pieceLengthBytes;
      const bytes = film.slice(start, start + pieceSizeBytes(info, piece));
      stored.push(new Promise((resolve) => store.put(piece, bytes, () => resolve())));
    }
    await Promise.all(stored);
    const torrent = client.add(concatBytes(text.encode('d4:info'), info.infoBytes, text.encode('e')), {
      announce: [trackerUrl],
      preloadedStore: store,
    });
    await once(torrent as unknown as EventEmitter, 'ready');
    return new StockPeer(client, torrent);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#client.destroy(() => resolve()));
  }
}
