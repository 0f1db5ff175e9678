import { toHex, type Bytes } from '@/src/base/bytes';
import {
  EngineCallError,
  SOURCE_NAMES,
  type EngineMode,
  type EngineSettings,
  type PauseReason,
  type SessionState,
  type SourceName,
  type SourceSnapshot,
  type StreamRequest,
  type TimelineEvent,
} from '@/src/protocol/engine-api';
import type { Magnet } from '@/src/protocol/magnet';
import { parseInfoDictionary } from '@/src/protocol/metainfo';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import { isBrowserTracker, keepTrackerUrls, keepWebSeedUrls } from '@/src/protocol/tracker-urls';
import { StoreError } from '@/src/store/chunk-store';
import type { SignalingClient } from '@/src/transport/signaling-client';
import { ActiveTorrent } from './active-torrent';
import type { OpenedStream } from './engine-interface';
import type { EngineOptions } from './engine-options';
import type { EngineLimits } from './limits';
import { NativeSource } from './native-source';
import type { RateLimit } from './rate-limit';
import type { PeerSource } from './source';
import { NO_TRAFFIC } from './traffic';
import type { LazyLibrary } from './webtorrent/lazy-library';
import { WebTorrentSource } from './webtorrent/webtorrent-source';

const SOURCES_OF_MODE: Readonly<Record<EngineMode, readonly SourceName[]>> = {
  webrtc: ['native'],
  webtorrent: ['webtorrent', 'web-seed'],
  hybrid: ['native', 'webtorrent', 'web-seed'],
};

export interface SessionOptions {
  readonly engine: EngineOptions;
  readonly limits: EngineLimits;
  readonly uploadRate: RateLimit;
  readonly library: LazyLibrary;
  readonly magnet: Magnet;
  readonly magnetText: string;
  readonly settings: EngineSettings;
  readonly signaling: readonly SignalingClient[];
  /** Resolves once an earlier session of this torrent has let go of the store. */
  readonly storeFree: Promise<void>;
  /** Links all other sessions leave room for. */
  peerRoom(): number;
  /** Something a viewer can see has changed. */
  onChange(): void;
}

/*
 * One torrent, shared by all tabs. Events and what they do:
 *   start            look in the store → active | searching
 *   peer linked      searching → metadata
 *   metadata         searching, metadata → active | failed(bad-metadata, store-failed)
 *   chosen complete  active → complete; a further file chosen: complete → active
 *   store full       active → paused(disk-full); other store errors → failed(store-failed)
 *   pause, resume    any but failed ⇄ paused(user); resume goes where the facts lead
 *   close            ends everything
 */
export class Session {
  readonly magnet: Magnet;
  readonly magnetText: string;
  readonly timeline: Partial<Record<TimelineEvent, number>> = {};
  readonly native: NativeSource;
  readonly webtorrent: WebTorrentSource;
  stalls = 0;
  readonly #options: SessionOptions;
  readonly #abort = new AbortController();
  #mode: EngineMode;
  #settings: EngineSettings;
  #joined = false;
  /** The first verified dictionary counts, whichever source it came from. */
  #isLearning = false;
  readonly #trackers = new Set<string>();
  readonly #webSeeds = new Set<string>();
  #state: SessionState = { kind: 'searching' };
  #torrent: ActiveTorrent | undefined;
  #whenActive = Promise.withResolvers<ActiveTorrent>();
  #pendingSelection = new Set<number>();

  constructor(options: SessionOptions) {
    this.#options = options;
    this.magnet = options.magnet;
    this.magnetText = options.magnetText;
    // Nobody may be waiting for it when the session ends.
    this.#whenActive.promise.catch(() => undefined);
    this.mark('opened');
    this.#settings = options.settings;
    this.#mode = options.settings.defaultMode;
    this.native = new NativeSource({
      engine: options.engine,
      limits: options.limits,
      infoHash: options.magnet.infoHash,
      signal: this.#abort.signal,
      uploadRate: options.uploadRate,
      peerRoom: () => options.peerRoom(),
      onSignaling: () => this.mark('signaling'),
      onPeer: () => this.#onPeer(),
      onMetadata: (infoBytes) => void this.#learn(infoBytes),
      onChange: () => options.onChange(),
    });
    this.webtorrent = new WebTorrentSource({
      engine: options.engine,
      limits: options.limits,
      library: options.library,
      infoHash: options.magnet.infoHash,
      signal: this.#abort.signal,
      settings: () => this.#settings,
      peerRoom: () => options.peerRoom(),
      onPeer: () => this.#onPeer(),
      onMetadata: (infoBytes) => void this.#verifyMetadata(infoBytes),
      onChange: () => options.onChange(),
    });
    this.#nameTrackers();
    void this.#start();
  }

  get state(): SessionState {
    return this.#state;
  }

  get torrent(): ActiveTorrent | undefined {
    return this.#torrent;
  }

  get mode(): EngineMode {
    return this.#mode;
  }

  get peerSources(): readonly PeerSource[] {
    return [this.native, this.webtorrent];
  }

  /** All three, in the order of SOURCE_NAMES. */
  sources(nowMs: number): readonly SourceSnapshot[] {
    const known = this.peerSources.map((source) => source.snapshot(nowMs));
    return SOURCE_NAMES.map(
      (name) => known.find((source) => source.name === name) ?? { name, state: 'off', peers: 0, timeline: {}, ...NO_TRAFFIC },
    );
  }

  async refreshPaths(): Promise<void> {
    await Promise.all(this.peerSources.map((source) => source.refreshPaths()));
  }

  get peerCount(): number {
    return this.peerSources.reduce((total, { peerCount }) => total + peerCount, 0);
  }

  get name(): string {
    return this.#torrent?.info.name ?? this.magnet.name ?? this.magnet.infoHash;
  }

  applySettings(settings: EngineSettings, signaling: readonly SignalingClient[]): void {
    this.#settings = settings;
    this.native.configure(settings, signaling);
    this.#nameTrackers();
  }

  /** Which engines feed the session from now on. What they fetched and counted stays. */
  setMode(mode: EngineMode): void {
    this.#mode = mode;
    if (this.#joined) this.#runSources();
    this.#options.onChange();
  }

  /** @throws {EngineCallError} `bad-request` when a browser cannot reach such an address */
  addTracker(url: string): void {
    const [tracker] = keepTrackerUrls([url.trim()]).filter(isBrowserTracker);
    if (tracker === undefined) throw new EngineCallError('bad-request', 'A tracker for browsers begins with wss:// or ws://.');
    this.#trackers.add(tracker);
    this.#nameTrackers();
    this.webtorrent.trackers.retry();
    this.#options.onChange();
  }

  allowWebSeed(url: string): void {
    const [seed] = keepWebSeedUrls([url.trim()]);
    if (seed === undefined) throw new EngineCallError('bad-request', 'A web seed begins with https:// or http://.');
    this.#webSeeds.add(seed);
  }

  mark(event: TimelineEvent): void {
    if (this.timeline[event] !== undefined) return;
    this.timeline[event] = this.#options.engine.clock.now();
    this.#options.onChange();
  }

  /** @throws {EngineCallError} `bad-request` when the metadata is known and there is no such file. */
  selectFile(fileIndex: number): void {
    if (this.#torrent === undefined) this.#pendingSelection.add(fileIndex);
    else this.#torrent.select(fileIndex);
    this.#settle();
  }

  async openStream(request: StreamRequest, signal: AbortSignal): Promise<OpenedStream> {
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
    try {
      signal.throwIfAborted();
      const torrent = await Promise.race([this.#whenActive.promise, aborted.promise]);
      const stream = torrent.openStream(request, signal);
      this.#settle();
      return stream;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  pause(reason: PauseReason): void {
    if (this.#state.kind === 'failed') return;
    this.#joined = false;
    for (const source of this.peerSources) {
      if (reason === 'disk-full' && source === this.native) this.native.pauseDownload();
      else source.stop();
    }
    this.#become({ kind: 'paused', reason });
  }

  resume(): void {
    if (this.#state.kind !== 'paused') return;
    this.#become({ kind: 'searching' });
    this.#join();
    this.#settle();
  }

  tick(): void {
    for (const source of this.peerSources) source.tick();
  }

  /** Leaves the swarm and closes the store durably. */
  async close(): Promise<void> {
    this.#abort.abort(new EngineCallError('unknown-session', 'This film was closed. Click its magnet link again.'));
    this.#whenActive.reject(this.#abort.signal.reason as Error);
    await this.#torrent?.chunks.close();
  }

  async #start(): Promise<void> {
    const { engine, settings, signaling, storeFree } = this.#options;
    let stored: Bytes | undefined;
    try {
      await storeFree;
      stored = await engine.store.loadInfo(this.magnet.infoHash);
    } catch (error) {
      engine.logger.warn('the store could not be asked', { reason: String(error) });
    }
    if (this.#abort.signal.aborted) return;
    // What is stored is trusted no more than what a peer sends: #learn verifies it.
    if (stored !== undefined && parseInfoDictionary(stored, this.magnet.infoHash).ok) {
      await this.#learn(stored);
      if (this.#abort.signal.aborted) return;
    }
    this.native.configure(settings, signaling);
    this.#join();
  }

  #join(): void {
    this.#joined = true;
    this.#runSources();
  }

  #leave(): void {
    this.#joined = false;
    for (const source of this.peerSources) source.stop();
  }

  #runSources(): void {
    for (const source of this.peerSources) {
      if (SOURCES_OF_MODE[this.#mode].includes(source.name)) source.start();
      else source.stop();
    }
  }

  /** The magnet's trackers, the viewer's and those added for this session; a private torrent is announced to its own alone (BEP 27). */
  #nameTrackers(): void {
    const typed = this.#torrent?.info.isPrivate === true ? this.#trackers : [...this.#settings.trackers, ...this.#trackers];
    const urls = [...this.magnet.trackers.map((url) => [url, false] as const), ...Array.from(typed, (url) => [url, true] as const)];
    this.webtorrent.trackers.configure(new Map(urls.filter(([url]) => isBrowserTracker(url))));
  }

  /** What WebTorrent peers gave: the library has checked it, but it is ours to trust. */
  async #verifyMetadata(infoBytes: Bytes): Promise<void> {
    const verified = toHex(await this.#options.engine.sha1(infoBytes)) === this.magnet.infoHash;
    if (verified && !this.#abort.signal.aborted) await this.#learn(infoBytes);
  }

  async #learn(infoBytes: Bytes): Promise<void> {
    if (this.#isLearning) return;
    this.#isLearning = true;
    const parsed = parseInfoDictionary(infoBytes, this.magnet.infoHash);
    if (!parsed.ok) {
      this.#leave();
      return this.#fail('bad-metadata', parsed.message);
    }
    try {
      await this.#open(parsed.info);
    } catch (error) {
      this.#leave();
      this.#fail('store-failed', storeAdvice(error));
    }
  }

  async #open(info: TorrentInfo): Promise<void> {
    const { engine, limits } = this.#options;
    const chunks = await engine.store.open(info);
    if (this.#abort.signal.aborted) return chunks.close();
    const torrent = new ActiveTorrent({
      engine,
      limits,
      info,
      chunks,
      signal: this.#abort.signal,
      onVerified: () => this.#onVerified(),
      onStall: () => {
        this.stalls++;
        this.#options.onChange();
      },
      onStoreError: (error) => this.#onStoreError(error),
    });
    this.#torrent = torrent;
    this.mark('metadata');
    this.#nameTrackers();
    if (torrent.verified.count > 0) this.mark('first-piece');
    for (const fileIndex of this.#pendingSelection) {
      if (info.files[fileIndex]?.padding === false) torrent.select(fileIndex);
    }
    for (const source of this.peerSources) source.learn(torrent);
    this.#whenActive.resolve(torrent);
    this.#settle();
  }

  #onPeer(): void {
    this.mark('peer');
    this.#settle();
  }

  #onVerified(): void {
    this.mark('first-piece');
    this.#settle();
  }

  #onStoreError(error: unknown): void {
    if (error instanceof StoreError && error.code === 'full') return this.pause('disk-full');
    this.#options.engine.logger.warn('a verified piece could not be stored', { reason: String(error) });
    for (const source of this.peerSources) source.stop();
    this.#fail('store-failed', storeAdvice(error));
  }

  /** Goes where the facts lead. Paused and failed are left only by a decision. */
  #settle(): void {
    if (this.#state.kind === 'paused' || this.#state.kind === 'failed') return;
    if (this.#torrent !== undefined) this.#become(this.#torrent.isComplete ? { kind: 'complete' } : { kind: 'active' });
    else this.#become(this.peerCount > 0 ? { kind: 'metadata' } : { kind: 'searching' });
  }

  #fail(code: Extract<SessionState, { kind: 'failed' }>['code'], advice: string): void {
    this.#whenActive.reject(new EngineCallError('bad-request', advice));
    this.#become({ kind: 'failed', code, advice });
  }

  #become(state: SessionState): void {
    const changed = state.kind !== this.#state.kind || state.kind === 'paused';
    this.#state = state;
    if (changed) this.#options.onChange();
  }
}

function storeAdvice(error: unknown): string {
  const code = error instanceof StoreError ? error.code : 'io';
  if (code === 'full') return 'There is no room left on this disk. Free some space, or remove stored films in the popup, and try again.';
  if (code === 'busy') return 'Another window is using this film’s stored data. Close it and try again.';
  return 'The stored data of this film could not be read or written. Remove it in the popup and try again.';
}
