import type { Bytes } from '@/src/base/bytes';
import type { Paces } from '@/src/base/pace';
import {
  EngineCallError,
  type EngineSettings,
  type PauseReason,
  type SessionState,
  type ShareSnapshot,
  type StreamRequest,
  type TimelineEvent,
} from '@/src/protocol/engine-api';
import { wantedFileIndex, type Magnet } from '@/src/protocol/magnet';
import { chooseFile, type FileChoice } from '@/src/protocol/file-choice';
import { parseInfoDictionary, readInfoDictionary } from '@/src/protocol/metainfo';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import { StoreError } from '@/src/store/chunk-store';
import type { SignalingClient } from '@/src/transport/signaling-client';
import { ActiveTorrent } from './active-torrent';
import type { OpenedStream } from './engine-interface';
import type { EngineOptions } from './engine-options';
import type { IceServers } from './ice-servers';
import type { LaneRoom } from './lane-room';
import type { EngineLimits } from './limits';
import { SessionRates } from './session-rates';
import { SessionSources } from './session-sources';
import { StallMeter } from './stall-meter';
import type { StoreRoom } from './store-room';
import type { LazyLibrary } from './webtorrent/lazy-library';
import { notice, type Notice } from '@/src/protocol/notice';

export interface SessionOptions {
  readonly engine: EngineOptions;
  readonly limits: EngineLimits;
  /** Of all sessions together. */
  readonly rates: Paces;
  readonly laneRoom: LaneRoom;
  readonly ice: IceServers;
  readonly library: LazyLibrary;
  readonly room: StoreRoom;
  readonly magnet: Magnet;
  readonly magnetText: string;
  /** It is files of the viewer's own that are shared. */
  readonly share: ShareSnapshot | undefined;
  readonly settings: EngineSettings;
  readonly signaling: readonly SignalingClient[];
  /** Resolves once an earlier session of this torrent has let go of the store. */
  readonly storeFree: Promise<void>;
  /** Links all other sessions leave room for. */
  peerRoom(): number;
  /** Something a viewer can see has changed. */
  onChange(): void;
  /** A moment of the start-up timeline: pages act on it. */
  onMoment(): void;
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
  readonly share: ShareSnapshot | undefined;
  readonly timeline: Partial<Record<TimelineEvent, number>> = {};
  readonly sources: SessionSources;
  readonly rates: SessionRates;
  readonly stalls: StallMeter;
  /** By player. */
  readonly #bufferedS = new Map<object, number>();
  readonly #options: SessionOptions;
  readonly #abort = new AbortController();
  /** The first verified dictionary counts, whichever source it came from. */
  #isLearning = false;
  /** The store has said so. */
  #nothingStored = false;
  #toldComplete = false;
  /** The store has answered, and what it had is in use. */
  readonly #storeAsked = Promise.withResolvers<void>();
  #state: SessionState = { kind: 'searching' };
  #torrent: ActiveTorrent | undefined;
  #whenActive = Promise.withResolvers<ActiveTorrent>();
  #pendingSelection = new Set<number>();

  constructor(options: SessionOptions) {
    this.#options = options;
    this.magnet = options.magnet;
    this.magnetText = options.magnetText;
    this.share = options.share;
    // Nobody may be waiting for it when the session ends.
    this.#whenActive.promise.catch(() => undefined);
    this.mark('opened');
    this.stalls = new StallMeter(options.engine.clock);
    this.rates = new SessionRates(options.engine.clock, options.rates);
    this.sources = new SessionSources({
      engine: options.engine,
      limits: options.limits,
      rates: this.rates,
      laneRoom: options.laneRoom,
      ice: options.ice,
      storeAsked: this.#storeAsked.promise,
      library: options.library,
      magnet: options.magnet,
      settings: options.settings,
      signal: this.#abort.signal,
      peerRoom: () => options.peerRoom(),
      hasStalled: () => this.stalls.count > 0,
      onSignaling: () => this.mark('signaling'),
      onPeer: () => {
        this.mark('peer');
        this.#settle();
      },
      onMetadata: (infoBytes) => void this.#learn(infoBytes),
      onChange: () => options.onChange(),
    });
    // Not joined yet, so nobody is contacted; but a viewer who looks already sees which servers there are.
    this.sources.configure(options.settings, options.signaling);
    void this.#start().finally(() => this.#storeAsked.resolve());
  }

  get state(): SessionState {
    return this.#state;
  }

  /** The disk is full. */
  get isWaitingForRoom(): boolean {
    return this.#state.kind === 'paused' && this.#state.reason === 'disk-full';
  }

  get torrent(): ActiveTorrent | undefined {
    return this.#torrent;
  }

  get name(): string {
    return this.#torrent?.info.name ?? this.magnet.name ?? this.magnet.infoHash;
  }

  applySettings(settings: EngineSettings, signaling: readonly SignalingClient[]): void {
    this.sources.configure(settings, signaling);
  }

  mark(event: TimelineEvent): void {
    if (this.timeline[event] !== undefined) return;
    this.timeline[event] = this.#options.engine.clock.now();
    this.#options.onMoment();
  }

  /** @throws {EngineCallError} `bad-request` when the metadata is known and there is no such file. */
  selectFile(fileIndex: number): void {
    if (this.#torrent === undefined) this.#pendingSelection.add(fileIndex);
    else this.#torrent.select(fileIndex);
    this.#settle();
  }

  pictureShown(): void {
    this.#torrent?.pictureShown();
  }

  async openStream(request: StreamRequest, signal: AbortSignal): Promise<OpenedStream> {
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
    try {
      signal.throwIfAborted();
      const torrent = await Promise.race([this.#whenActive.promise, aborted.promise]);
      const stream = torrent.openStream({ ...request, fileIndex: this.#fileOf(request, torrent) }, signal);
      this.#settle();
      return stream;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  pause(reason: PauseReason): void {
    if (this.#state.kind === 'failed') return;
    if (reason === 'disk-full') this.sources.pauseDownload();
    else this.sources.stop();
    this.#become({ kind: 'paused', reason });
  }

  resume(): void {
    if (this.#state.kind !== 'paused') return;
    this.#become({ kind: 'searching' });
    this.sources.start();
    this.#settle();
  }

  tick(): void {
    this.sources.tick();
  }

  /** The film of this player stands still although it should go on, or goes on again. */
  reportStall(player: object, isStalled: boolean): void {
    if (this.stalls.report(player, isStalled)) this.#options.onChange();
  }

  reportBuffer(player: object, aheadS: number): void {
    this.#bufferedS.set(player, aheadS);
    this.#options.onChange();
  }

  /** As in `SessionSnapshot`. */
  get bufferedS(): number | undefined {
    return this.#bufferedS.size === 0 ? undefined : Math.min(...this.#bufferedS.values());
  }

  forgetPlayer(player: object): void {
    this.stalls.report(player, false);
    this.#bufferedS.delete(player);
  }

  /** Leaves the swarm and closes the store durably. */
  async close(): Promise<void> {
    this.#abort.abort(new EngineCallError('unknown-session', notice('filmClosed')));
    this.#whenActive.reject(this.#abort.signal.reason as Error);
    if (this.#torrent !== undefined) await this.#options.room.close(this.#torrent.chunks);
  }

  async #start(): Promise<void> {
    const { engine, storeFree } = this.#options;
    // Peers are sought while the disk is asked: a stored film is shared with them, a missing one fetched.
    this.sources.start();
    let stored: Bytes | undefined;
    try {
      await storeFree;
      stored = await engine.store.loadInfo(this.magnet.infoHash);
    } catch (error) {
      return engine.logger.warn('the store could not be asked', { reason: String(error) });
    }
    if (this.#abort.signal.aborted) return;
    if (stored === undefined) {
      this.#nothingStored = true;
      // Its first piece would have to wait for it.
      void this.#options.room.learn();
      return;
    }
    // What is stored is trusted no more than what a peer sends.
    if (parseInfoDictionary(stored, this.magnet.infoHash).ok) await this.#learn(stored);
  }

  /** @param infoBytes verified against the info hash */
  async #learn(infoBytes: Bytes): Promise<void> {
    if (this.#isLearning) return;
    this.#isLearning = true;
    const parsed = readInfoDictionary(infoBytes, this.magnet.infoHash);
    if (!parsed.ok) {
      this.sources.stop();
      this.#options.engine.logger.debug('a description was refused', { reason: parsed.message });
      return this.#fail('bad-metadata', parsed.notice);
    }
    if (this.magnet.infoHashV2 !== undefined && parsed.info.infoHashV2 !== this.magnet.infoHashV2) {
      this.sources.stop();
      return this.#fail('bad-metadata', notice('twoTorrents'));
    }
    try {
      await this.#open(parsed.info);
    } catch (error) {
      this.#onOpenFailed(error);
    }
  }

  async #open(info: TorrentInfo): Promise<void> {
    const { engine, limits, room, storeFree } = this.#options;
    await storeFree;
    const chunks = this.#nothingStored ? room.openFresh(info, (error) => this.#onOpenFailed(error)) : await room.open(info);
    if (this.#abort.signal.aborted) return room.close(chunks);
    const torrent = new ActiveTorrent({
      engine,
      limits,
      info,
      chunks,
      room,
      signal: this.#abort.signal,
      onVerified: () => this.#onVerified(),
      onStoreError: (error) => this.#onStoreError(error),
    });
    this.#torrent = torrent;
    this.mark('metadata');
    if (torrent.verified.count > 0) this.mark('first-piece');
    this.#expectChoice(torrent);
    for (const fileIndex of this.#pendingSelection) {
      if (info.files[fileIndex]?.padding === false) torrent.select(fileIndex);
    }
    this.sources.learn(torrent);
    this.#whenActive.resolve(torrent);
    this.#settle();
    // How far ahead it is fetched depends on how much room there is.
    void room.learn().then(() => torrent.replan());
  }

  /** What the player is about to choose: its first pieces are asked for before it has heard of the file. */
  #expectChoice(torrent: ActiveTorrent): void {
    const choice = this.#choice(torrent);
    if (choice.kind === 'chosen') torrent.expect(choice.fileIndex);
  }

  #choice(torrent: ActiveTorrent): FileChoice {
    return chooseFile(torrent.files(), wantedFileIndex(this.magnet));
  }

  /** @throws {EngineCallError} `bad-request` when the viewer has to choose first */
  #fileOf({ fileIndex }: StreamRequest, torrent: ActiveTorrent): number {
    if (fileIndex !== 'unasked') return fileIndex;
    const choice = this.#choice(torrent);
    if (choice.kind === 'ask') throw new EngineCallError('bad-request', notice('noSuchFile'));
    return choice.fileIndex;
  }

  #onOpenFailed(error: unknown): void {
    this.#options.engine.logger.warn('the store did not open', { reason: String(error) });
    this.sources.stop();
    this.#fail('store-failed', storeAdvice(error));
  }

  #onVerified(): void {
    this.mark('first-piece');
    this.#settle();
    // Not when the disk held it all: BEP 3 has trackers told of downloads that end.
    if (this.#toldComplete || this.#torrent?.isComplete !== true) return;
    this.#toldComplete = true;
    this.sources.tellComplete();
  }

  #onStoreError(error: unknown): void {
    if (error instanceof StoreError && error.code === 'full') return this.pause('disk-full');
    this.#options.engine.logger.warn('the store failed', { reason: String(error) });
    this.sources.stop();
    this.#fail('store-failed', storeAdvice(error));
  }

  /** Goes where the facts lead. Paused and failed are left only by a decision. */
  #settle(): void {
    if (this.#state.kind === 'paused' || this.#state.kind === 'failed') return;
    if (this.#torrent !== undefined) this.#become(this.#torrent.isComplete ? { kind: 'complete' } : { kind: 'active' });
    else this.#become(this.sources.peerCount > 0 ? { kind: 'metadata' } : { kind: 'searching' });
  }

  #fail(code: Extract<SessionState, { kind: 'failed' }>['code'], advice: Notice): void {
    this.#whenActive.reject(new EngineCallError('bad-request', advice));
    this.#become({ kind: 'failed', code, advice });
  }

  #become(state: SessionState): void {
    const changed = state.kind !== this.#state.kind || state.kind === 'paused';
    this.#state = state;
    if (changed) this.#options.onChange();
  }
}

function storeAdvice(error: unknown): Notice {
  const code = error instanceof StoreError ? error.code : 'io';
  if (error instanceof StoreError && error.notice !== undefined) return error.notice;
  if (code === 'full') return notice('storeFull');
  if (code === 'busy') return notice('storeBusy');
  return notice('storeFailed');
}
