import type { Bytes } from '@/src/base/bytes';
import type { Paces } from '@/src/base/pace';
import {
  EngineCallError,
  SOURCE_NAMES,
  type EngineMode,
  type EngineSettings,
  type PeerSnapshot,
  type PublisherServerSnapshot,
  type SourceName,
  type SourceSnapshot,
  type WebSeedSnapshot,
} from '@/src/protocol/engine-api';
import type { InfoHash } from '@/src/protocol/ids';
import { hasV1Hash, wantedFileIndex, type Magnet } from '@/src/protocol/magnet';
import { isV2Only } from '@/src/protocol/torrent-info';
import { isBrowserTracker, keepTrackerUrls, keepWebSeedUrls } from '@/src/protocol/tracker-urls';
import type { SignalingClient } from '@/src/transport/signaling-client';
import type { ActiveTorrent } from './active-torrent';
import type { EngineOptions } from './engine-options';
import type { IceServers } from './ice-servers';
import { isInfoOf } from './info-hash-check';
import type { LaneRoom } from './lane-room';
import type { EngineLimits } from './limits';
import { NativeSource } from './native-source';
import type { Source } from './planner';
import { publisherServers } from './publisher-servers';
import type { PeerSource } from './source';
import { NO_TRAFFIC } from './traffic';
import { createWebSeedSource, type WebSeedSource } from './web-seed-source';
import type { LazyLibrary } from './webtorrent/lazy-library';
import { WebTorrentSource } from './webtorrent/webtorrent-source';
import { notice } from '@/src/protocol/notice';

const SOURCES_OF_MODE: Readonly<Record<EngineMode, readonly SourceName[]>> = {
  webrtc: ['native'],
  webtorrent: ['webtorrent', 'web-seed'],
  hybrid: ['native', 'webtorrent', 'web-seed'],
};

export interface SessionSourcesOptions {
  readonly engine: EngineOptions;
  readonly limits: EngineLimits;
  readonly rates: Paces;
  readonly laneRoom: LaneRoom;
  readonly ice: IceServers;
  readonly library: LazyLibrary;
  /** Resolves once it is known whether the metadata is on the disk. */
  readonly storeAsked: Promise<void>;
  readonly magnet: Magnet;
  readonly settings: EngineSettings;
  readonly signal: AbortSignal;
  peerRoom(): number;
  /** The film has stood still for want of pieces. */
  hasStalled(): boolean;
  onSignaling(): void;
  onPeer(): void;
  /** The dictionary, verified against the info hash. */
  onMetadata(infoBytes: Bytes): void;
  onChange(): void;
}

/** Everything that feeds one session, run by its mode. What a source has counted stays when it is switched off. */
export class SessionSources {
  readonly native: NativeSource;
  readonly webtorrent: WebTorrentSource;
  readonly #options: SessionSourcesOptions;
  readonly #addedTrackers = new Set<string>();
  readonly #allowedSeeds = new Set<string>();
  /** Web seeds cannot say what the torrent is: they come in once the metadata is known. */
  #webSeeds: WebSeedSource | undefined;
  #torrent: ActiveTorrent | undefined;
  #settings: EngineSettings;
  #mode: EngineMode;
  #running = false;
  #lackedRelay = false;
  /** Of the native swarm, in hybrid mode. */
  #headStart: 'ahead' | 'running' | 'over' = 'ahead';

  constructor(options: SessionSourcesOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#mode = options.settings.defaultMode;
    const { magnet, ...shared } = options;
    this.native = new NativeSource({
      ...shared,
      infoHash: magnet.infoHash,
      wantedFile: wantedFileIndex(magnet),
      onAlone: () => this.#overtake(),
    });
    this.webtorrent = new WebTorrentSource({
      ...shared,
      infoHash: () => this.#infoHashV1,
      settings: () => this.#settings,
      meetOnWire: (wire) => this.native.swarm.meetOnWire(wire),
      onMetadata: (infoBytes) => void this.#verifyMetadata(infoBytes),
    });
    this.#nameTrackers();
  }

  get mode(): EngineMode {
    return this.#mode;
  }

  get peerCount(): number {
    return this.native.peerCount + this.webtorrent.peerCount;
  }

  start(): void {
    this.#running = true;
    for (const source of this.#all) {
      if (!this.#uses(source.name)) source.stop();
      else if (source.name !== 'webtorrent' || !this.#letsNativeGoFirst()) source.start();
    }
  }

  /**
   * Both engines at once take a browser's start-up longer than one: WebTorrent waits until the native swarm has nobody to offer, or has had
   * its time. Once it has begun it is never held back again.
   */
  #letsNativeGoFirst(): boolean {
    if (this.#headStart !== 'ahead') return this.#headStart === 'running';
    if (this.#mode !== 'hybrid' || !this.native.swarm.isPromising) return this.#endHeadStart();
    this.#headStart = 'running';
    const { engine, limits, signal } = this.#options;
    const cancel = engine.clock.after(limits.nativeHeadStartMs, () => this.#overtake());
    signal.addEventListener('abort', cancel, { once: true });
    return true;
  }

  #endHeadStart(): false {
    this.#headStart = 'over';
    return false;
  }

  #overtake(): void {
    if (this.#headStart !== 'running') return;
    this.#endHeadStart();
    if (this.#running) this.start();
  }

  stop(): void {
    this.#running = false;
    for (const source of this.#all) source.stop();
  }

  /** Nothing is fetched until the next start; native peers are still served. */
  pauseDownload(): void {
    this.#running = false;
    this.native.pauseDownload();
    this.webtorrent.stop();
    this.#webSeeds?.stop();
  }

  setMode(mode: EngineMode): void {
    this.#mode = mode;
    this.#endHeadStart();
    if (this.#running) this.start();
  }

  configure(settings: EngineSettings, signaling: readonly SignalingClient[]): void {
    const sameWays = (settings.relayOnly ?? false) === (this.#settings.relayOnly ?? false);
    this.#settings = settings;
    if (!sameWays) this.webtorrent.stop();
    this.native.configure(settings, signaling);
    this.#nameTrackers();
    this.#reconsiderRelay();
  }

  /** Peers may be reached only through a TURN server, and none is known. */
  get lacksRelay(): boolean {
    return !this.#options.ice.mayConnect;
  }

  /** TURN servers came or went: where none is left nothing is tried, and the first one is used at once. */
  #reconsiderRelay(): void {
    const lackedRelay = this.#lackedRelay;
    this.#lackedRelay = this.lacksRelay;
    if (this.#running) this.start();
    if (lackedRelay && !this.lacksRelay) this.native.swarm.retry();
  }

  /** @throws {EngineCallError} `bad-request` when a browser cannot reach such an address */
  addTracker(url: string): void {
    const tracker = keepTrackerUrls([url.trim()]).find(isBrowserTracker);
    if (tracker === undefined) throw new EngineCallError('bad-request', notice('trackerScheme'));
    this.#addedTrackers.add(tracker);
    this.#nameTrackers();
    this.webtorrent.trackers.retry();
  }

  /** @throws {EngineCallError} `bad-request` when it is no such address */
  allowWebSeed(url: string): void {
    const [seed] = keepWebSeedUrls([url.trim()]);
    if (seed === undefined) throw new EngineCallError('bad-request', notice('webSeedScheme'));
    this.#allowedSeeds.add(seed);
    this.#webSeeds?.allow(seed);
  }

  learn(torrent: ActiveTorrent): void {
    this.#torrent = torrent;
    this.#nameTrackers();
    for (const source of this.#peerSources) source.learn(torrent);
    this.#webSeeds = this.#openWebSeeds(torrent);
    if (this.#running) this.start();
  }

  /** Everything chosen has come. */
  tellComplete(): void {
    this.webtorrent.trackers.completed();
  }

  /** Everybody who may know of peers is asked now. */
  retry(): void {
    this.native.swarm.retry();
    this.webtorrent.trackers.retry();
  }

  tick(): void {
    for (const source of this.#peerSources) source.tick();
  }

  async refreshPaths(): Promise<void> {
    await Promise.all(this.#peerSources.map((source) => source.refreshPaths()));
  }

  peers(nowMs: number): PeerSnapshot[] {
    return this.#peerSources.flatMap((source) => source.peers(nowMs));
  }

  webSeeds(): readonly WebSeedSnapshot[] {
    return this.#webSeeds?.webSeeds() ?? [];
  }

  publisherServers(): readonly PublisherServerSnapshot[] {
    return publisherServers(this.#options.magnet, this.#settings);
  }

  /** All three, in the order of SOURCE_NAMES. */
  snapshots(nowMs: number): SourceSnapshot[] {
    const known = this.#all.map((source) => source.snapshot(nowMs));
    return SOURCE_NAMES.map((name) => {
      const snapshot = known.find((source) => source.name === name) ?? { name, state: 'off', peers: 0, timeline: {}, ...NO_TRAFFIC };
      if (!SOURCES_OF_MODE[this.#mode].includes(name)) return snapshot;
      if (this.#isV2 && name !== 'native') return { ...snapshot, reason: notice('onlyLodestreamKnowsV2') };
      return this.lacksRelay && name === 'webtorrent' ? { ...snapshot, reason: notice('noRelay') } : snapshot;
    });
  }

  get #peerSources(): readonly PeerSource[] {
    return [this.native, this.webtorrent];
  }

  get #all(): readonly Source[] {
    return this.#webSeeds === undefined ? this.#peerSources : [...this.#peerSources, this.#webSeeds];
  }

  #openWebSeeds({ planner }: ActiveTorrent): WebSeedSource | undefined {
    const { engine, limits, magnet, rates, signal } = this.#options;
    const { fetch } = engine;
    if (fetch === undefined) return undefined;
    return createWebSeedSource({
      engine: { ...engine, fetch },
      limits,
      planner,
      urls: [...magnet.webSeeds, ...this.#allowedSeeds],
      allowedHosts: new Set(Array.from(this.#allowedSeeds, (url) => URL.parse(url)?.host ?? '')),
      signal,
      pace: rates.download,
      onChange: () => this.#options.onChange(),
      onTraffic: () => undefined,
    });
  }

  /** The magnet's trackers, the viewer's and those added for this session; a private torrent is announced to its own alone (BEP 27). */
  #nameTrackers(): void {
    const typed = [...(this.#torrent?.info.isPrivate === true ? [] : this.#settings.trackers), ...this.#addedTrackers];
    const urls = [...this.#options.magnet.trackers.map((url) => [url, false] as const), ...typed.map((url) => [url, true] as const)];
    const trackers = new Map(urls.filter(([url]) => isBrowserTracker(url)));
    this.webtorrent.trackers.configure(trackers);
    this.native.swarm.meetAtTrackers(this.#settings.swarmThroughTrackers === true ? trackers : new Map(), this.#uses('webtorrent'));
  }

  /** What the library and its peers know the torrent by: they are of BitTorrent v1. */
  get #infoHashV1(): InfoHash | undefined {
    const { magnet } = this.#options;
    return this.#torrent?.info.infoHashV1 ?? (hasV1Hash(magnet) ? magnet.infoHash : undefined);
  }

  /** As far as is known: a link with only a v2 hash may turn out to be of a hybrid torrent. */
  get #isV2(): boolean {
    return this.#torrent === undefined ? this.#infoHashV1 === undefined : isV2Only(this.#torrent.info);
  }

  /** A v2 torrent goes by our own swarm in every mode: nothing else that a browser reaches could verify or name its pieces. */
  #uses(source: SourceName): boolean {
    if (this.#isV2) return source === 'native';
    if (source === 'webtorrent' && this.lacksRelay) return false;
    return SOURCES_OF_MODE[this.#mode].includes(source);
  }

  /** What WebTorrent peers gave: the library has checked it, but it is ours to trust. */
  async #verifyMetadata(infoBytes: Bytes): Promise<void> {
    const { engine, magnet, signal } = this.#options;
    const verified = await isInfoOf(magnet.infoHash, infoBytes, engine);
    if (verified && !signal.aborted) this.#options.onMetadata(infoBytes);
  }
}
