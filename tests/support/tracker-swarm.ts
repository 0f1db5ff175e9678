import type { Bytes } from '@/src/base/bytes';
import { silentLogger } from '@/src/base/logger';
import type { EngineLimits } from '@/src/engine/limits';
import { createNodeEngine } from '@/src/host/node-engine';
import type { TorrentKind } from '@/src/protocol/content-hasher';
import type { EngineSettings } from '@/src/protocol/engine-api';
import { magnetLink } from '@/src/protocol/magnet';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import type { ChunkStore } from '@/src/store/chunk-store';
import { startTracker, type Tracker } from '@/tests/bench/tracker';
import { describeAs, type describeTwoFiles, fakeFilm, filledStore, openMember, type Member } from './local-swarm';
import { StockPeer, untilTaken } from './stock-peer';

/** Real engines, and real peers of the WebTorrent library, that meet at a real WebTorrent tracker in this process. */
export class TrackerSwarm {
  readonly film: Bytes;
  readonly info: TorrentInfo;
  readonly magnet: string;
  readonly trackerUrl: string;
  readonly #tracker: Tracker | undefined;
  readonly #members: Member[] = [];
  readonly #stockPeers: StockPeer[] = [];

  private constructor(film: Bytes, info: TorrentInfo, tracker: Tracker | undefined, trackerUrl: string) {
    this.film = film;
    this.info = info;
    this.#tracker = tracker;
    this.trackerUrl = trackerUrl;
    this.magnet = magnetLink(info);
  }

  /**
   * @param described as a torrent of which kind, or how
   * @param trackerUrl of a tracker that runs already; else one of the library's is started
   */
  static async start(
    lengthBytes = 3_000_000,
    pieceLengthBytes = 64 * 1024,
    described: TorrentKind | typeof describeTwoFiles = 'v1',
    trackerUrl?: string,
  ): Promise<TrackerSwarm> {
    const film = fakeFilm(lengthBytes);
    const info = typeof described === 'string' ? describeAs(described, film, pieceLengthBytes).info : described(film, pieceLengthBytes);
    if (trackerUrl !== undefined) return new TrackerSwarm(film, info, undefined, trackerUrl);
    const tracker = await startTracker('127.0.0.1');
    return new TrackerSwarm(film, info, tracker, `ws://127.0.0.1:${tracker.port}`);
  }

  /** The one that was started for this swarm. */
  get tracker(): Tracker {
    if (this.#tracker === undefined) throw new Error('the tracker is somebody else’s');
    return this.#tracker;
  }

  async seed(settings: Partial<EngineSettings> = {}): Promise<Member> {
    return this.join(await filledStore(this.info, this.film), settings);
  }

  /** A store that holds every other piece. */
  async halfStore(first: 0 | 1): Promise<ChunkStore> {
    return filledStore(this.info, this.film, (piece) => piece % 2 === first);
  }

  async join(
    store: ChunkStore,
    settings: Partial<EngineSettings> = {},
    limits: Partial<EngineLimits> = {},
    magnet = this.magnet,
  ): Promise<Member> {
    const engine = createNodeEngine({ store, logger: silentLogger, limits });
    engine.applySettings({
      consented: true,
      signalingUrls: [],
      iceServers: [],
      defaultMode: 'webtorrent',
      trackers: [this.trackerUrl],
      allowLocalPeers: true,
      ...settings,
    });
    const member = await openMember(engine, magnet);
    this.#members.push(member);
    return member;
  }

  /** An unmodified peer of the library with its own tracker client and store. */
  async stockPeer(film?: Bytes): Promise<StockPeer> {
    const peer = await StockPeer.start(this.info, this.trackerUrl, film);
    this.#stockPeers.push(peer);
    return peer;
  }

  /** One that has every piece from the others. */
  stockViewer(): Promise<StockPeer> {
    return untilTaken(() => this.stockPeer());
  }

  async close(): Promise<void> {
    await Promise.all([...this.#members, ...this.#stockPeers].map((member) => member.close()));
    await this.#tracker?.close();
  }
}
