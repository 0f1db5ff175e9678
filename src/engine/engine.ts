import {
  EngineCallError,
  type EngineCalls,
  type EngineEvents,
  type EngineSettings,
  type OpenSessionAnswer,
  type SessionId,
  type ShareFilesRequest,
  type ShareSnapshot,
  type StoredFilmSnapshot,
  type StreamRequest,
  type ServerTest,
  type ServerTestRequest,
} from '@/src/protocol/engine-api';
import type { InfoHash } from '@/src/protocol/ids';
import { parseMagnet, wantedFileIndex, type Magnet } from '@/src/protocol/magnet';
import { swarmHashes } from '@/src/protocol/torrent-info';
import type { SignalingClient } from '@/src/transport/signaling-client';
import { EngineClient } from './engine-client';
import type { Engine, OpenedStream } from './engine-interface';
import type { EngineOptions } from './engine-options';
import { IceServers } from './ice-servers';
import { LaneRoom } from './lane-room';
import { DEFAULT_LIMITS, type EngineLimits } from './limits';
import { RateLimit } from './rate-limit';
import { Session } from './session';
import { testServer } from './server-test';
import { signalingUrls } from './publisher-servers';
import { readSharedTorrent } from './shared-torrent';
import { SignalingPool } from './signaling-pool';
import { snapshotSession } from './snapshot';
import { SpareOffers } from './spare-offers';
import { StoreRoom } from './store-room';
import { StoredFilms } from './stored-films';
import { LazyLibrary } from './webtorrent/lazy-library';
import { notice } from '@/src/protocol/notice';

const TICK_MS = 500;
/** A tick that comes so much too late: the machine slept, and whoever was connected before is probably not any more. */
const SLEPT_MS = 10_000;
/** Asking a connection for its statistics costs a round through the browser's network thread. */
const PATHS_EVERY_TICKS = 4;
const COUNT_STORED_EVERY_TICKS = 10;
/** What was watched is noted so often; at the end of a session in any case. */
const INDEX_EVERY_TICKS = 60;
/** How often it is asked whether a full disk has room again. */
const FREE_EVERY_TICKS = 6;
/** A disk that gained this much is worth another try. */
const GAINED_BYTES = 16 * 1024 * 1024;
/** One that has that much is tried again after so many looks: what it gained before the first of them shows in none. */
const LOOKS_UNTIL_TRIED = 10;
/** The first change after a quiet time reaches the pages at once, more of them as often as figures can be read. */
const PUSH_EVERY_MS = 250;

const NO_SETTINGS: EngineSettings = {
  consented: false,
  signalingUrls: [],
  iceServers: [],
  defaultMode: 'hybrid',
  trackers: [],
  allowLocalPeers: false,
};

export function createEngine(options: EngineOptions): Engine {
  return new LodestreamEngine(options);
}

interface OpenSession {
  readonly session: Session;
  readonly views: Set<EngineClient>;
  cancelLinger: (() => void) | undefined;
}

/** All sessions of one profile, and the pages that look at them. Opens no connection before consent. */
class LodestreamEngine implements Engine {
  readonly #options: EngineOptions;
  /** Read by all whenever they need one: what the viewer changes counts at once. */
  readonly #limits: { -readonly [Name in keyof EngineLimits]: EngineLimits[Name] };
  readonly #rates: { readonly upload: RateLimit; readonly download: RateLimit };
  readonly #laneRoom: LaneRoom;
  readonly #spareOffers: SpareOffers;
  readonly #ice: IceServers;
  readonly #signaling: SignalingPool;
  readonly #library: LazyLibrary;
  readonly #room: StoreRoom;
  readonly #storedFilms: StoredFilms;
  readonly #sessions = new Map<SessionId, OpenSession>();
  readonly #closing = new Map<SessionId, Promise<void>>();
  readonly #clients = new Set<EngineClient>();
  #settings = NO_SETTINGS;
  #films: readonly StoredFilmSnapshot[] = [];
  #openFilms = 0;
  #ticks = 0;
  #isClosed = false;
  #freeWhenFull: number | undefined;
  #looksWhenFull = 0;
  #pushedAtMs = Number.NEGATIVE_INFINITY;
  #cancelTick: (() => void) | undefined;
  #cancelPush: (() => void) | undefined;

  constructor(options: EngineOptions) {
    this.#spareOffers = new SpareOffers(options);
    this.#options = { ...options, takeSpareOffer: (configuration, negotiation) => this.#spareOffers.take(configuration, negotiation) };
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#rates = {
      upload: new RateLimit(options.clock, this.#limits.uploadBytesPerSecond),
      download: new RateLimit(options.clock, this.#limits.downloadBytesPerSecond),
    };
    this.#laneRoom = new LaneRoom(this.#limits.lanes);
    this.#ice = new IceServers(
      () => options.clock.now(),
      () => this.#configureSessions(),
    );
    this.#signaling = new SignalingPool(options);
    this.#library = new LazyLibrary(options);
    this.#room = new StoreRoom(options);
    this.#storedFilms = new StoredFilms(options);
  }

  connectClient(events: EngineEvents, signal: AbortSignal): EngineCalls {
    const client: EngineClient = new EngineClient(events, {
      openSession: (magnet) => this.#openSession(client, magnet),
      shareFiles: (request) => this.#shareFiles(request),
      session: (id) => this.#session(id).session,
      removeSession: (id, deleteStored) => this.#removeSession(id, deleteStored),
      deleteStored: (infoHash) => this.#deleteStored(infoHash),
      deleteAllStored: () => this.#deleteAllStored(),
      retry: () => this.#retry(),
      testServer: (request) => this.#testServer(request),
      onWatch: () => this.#onWatch(),
    });
    this.#clients.add(client);
    signal.addEventListener('abort', () => this.#disconnect(client));
    return client;
  }

  warm(): void {
    const { consented, defaultMode } = this.#settings;
    if (!consented) return;
    if (defaultMode !== 'webtorrent') this.#signaling.connectAll();
    // Where the native swarm goes first, WebTorrent waits: reading its code would take the first picture's time. Its failure is met again
    // by the session that needs it.
    const nativeFirst = defaultMode === 'webrtc' || (defaultMode === 'hybrid' && this.#signaling.clients.length > 0);
    if (!nativeFirst) void this.#library.get().catch(() => undefined);
    this.#spareOffers.prepare(nativeFirst ? this.#signaling.clients : [], this.#settings, this.#ice.configuration());
  }

  openAhead(magnetText: string): SessionId | undefined {
    const parsed = parseMagnet(magnetText);
    if (!this.#settings.consented || !parsed.ok) return undefined;
    const open = this.#open(parsed.magnet, magnetText);
    const id = this.#openedAs(parsed.magnet.infoHash);
    if (open.views.size === 0) this.#linger(id, open);
    return id;
  }

  reconnect(): void {
    if (this.#settings.consented) this.#retry();
  }

  openStream(request: StreamRequest, signal: AbortSignal): Promise<OpenedStream> {
    return this.#session(request.sessionId).session.openStream(request, signal);
  }

  applySettings(settings: EngineSettings): void {
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return;
    const quotaChanged = settings.storageQuotaBytes !== this.#settings.storageQuotaBytes;
    this.#settings = settings;
    this.#applyLimits(settings);
    this.#room.configure(settings.storageQuotaBytes);
    if (quotaChanged) void this.#shrinkStore();
    if (!settings.consented) {
      for (const id of this.#sessions.keys()) void this.#close(id);
      this.#signaling.configure([]);
      this.#ice.keepLenders([]);
      return;
    }
    this.#ice.configure(settings);
    this.#configureSignaling();
    this.#configureSessions();
  }

  /** Servers of publishers are connected to only while a film is open whose link names them. @param opening not among the sessions yet */
  #configureSignaling(opening: readonly Magnet[] = []): void {
    const magnets = [...Array.from(this.#sessions.values(), ({ session }) => session.magnet), ...opening];
    const named = magnets.flatMap((magnet) => signalingUrls(magnet, this.#settings));
    const urls = [...new Set([...this.#settings.signalingUrls, ...named])];
    this.#ice.keepLenders(urls);
    this.#signaling.configure(urls, this.#settings.signalingTokens);
  }

  #signalingOf(magnet: Magnet): readonly SignalingClient[] {
    return this.#signaling.clientsOf(signalingUrls(magnet, this.#settings));
  }

  #configureSessions(): void {
    for (const { session } of this.#sessions.values()) session.applySettings(this.#settings, this.#signalingOf(session.magnet));
    this.#onChange();
  }

  #applyLimits({ limits, uploadBytesPerSecond, downloadBytesPerSecond }: EngineSettings): void {
    const own = { ...DEFAULT_LIMITS, ...this.#options.limits };
    Object.assign(this.#limits, own, limits);
    this.#rates.upload.bytesPerSecond = Math.min(own.uploadBytesPerSecond, uploadBytesPerSecond ?? Number.POSITIVE_INFINITY);
    this.#rates.download.bytesPerSecond = Math.min(own.downloadBytesPerSecond, downloadBytesPerSecond ?? Number.POSITIVE_INFINITY);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTick?.();
    this.#cancelPush?.();
    await Promise.all([...this.#sessions.keys()].map((id) => this.#close(id)));
    await Promise.all(this.#closing.values());
    this.#signaling.configure([]);
    this.#spareOffers.close();
    await this.#library.close();
    await this.#options.store.close();
  }

  async #testServer(request: ServerTestRequest): Promise<ServerTest> {
    this.#assertConsent();
    return testServer(this.#options, request);
  }

  #openSession(client: EngineClient, magnetText: string): OpenSessionAnswer {
    this.#assertConsent();
    const magnet = readMagnet(magnetText);
    const open = this.#open(magnet, magnetText);
    open.cancelLinger?.();
    open.cancelLinger = undefined;
    open.views.add(client);
    return { sessionId: this.#openedAs(magnet.infoHash), wantedFileIndex: wantedFileIndex(magnet) };
  }

  async #shareFiles(request: ShareFilesRequest): Promise<SessionId> {
    const { sharedFiles } = this.#options;
    if (sharedFiles === undefined) throw new EngineCallError('bad-request', notice('unexpected'), 'this engine shares no files of pages');
    this.#assertConsent();
    const magnet = readMagnet(request.magnet);
    const info = readSharedTorrent(magnet.infoHash, request);
    const id = this.#openedAs(info.infoHash);
    const views = this.#sessions.get(id)?.views;
    // If it is open, it is fed otherwise: a session of the files takes its place.
    await this.#close(id);
    this.#assertConsent();
    try {
      sharedFiles.add(info, request.files, request.hashes);
    } catch (error) {
      throw new EngineCallError('bad-request', notice('sharedMismatch'), String(error));
    }
    const { pieceCount, pieceLengthBytes } = info;
    const { views: viewing } = this.#open(magnet, request.magnet, { pieceCount, pieceLengthBytes });
    for (const view of views ?? []) viewing.add(view);
    return info.infoHash;
  }

  #assertConsent(): void {
    if (!this.#settings.consented) throw new EngineCallError('no-consent', notice('noConsent'));
  }

  #open(magnet: Magnet, magnetText: string, share?: ShareSnapshot): OpenSession {
    const id = this.#openedAs(magnet.infoHash);
    const before = this.#sessions.get(id);
    // Whoever asks for a failed film again has perhaps mended what it failed at; the other tabs go along.
    if (before?.session.state.kind === 'failed') void this.#close(id);
    this.#configureSignaling([magnet]);
    const open = this.#sessions.get(id) ?? {
      session: new Session({
        engine: this.#options,
        limits: this.#limits,
        rates: this.#rates,
        laneRoom: this.#laneRoom,
        ice: this.#ice,
        library: this.#library,
        room: this.#room,
        magnet,
        magnetText,
        share,
        settings: this.#settings,
        signaling: this.#signalingOf(magnet),
        storeFree: this.#closing.get(id) ?? Promise.resolve(),
        peerRoom: () => this.#peerRoom(),
        onChange: () => this.#onChange(),
        onMoment: () => this.#pushSoon(),
      }),
      views: new Set(before?.views),
      cancelLinger: undefined,
    };
    this.#sessions.set(id, open);
    this.#startTicking();
    this.#onChange();
    return open;
  }

  /** A hybrid torrent that is open by one of its hashes is not opened once more by the other. */
  #openedAs(infoHash: InfoHash): SessionId {
    if (this.#sessions.has(infoHash)) return infoHash;
    for (const [id, { session }] of this.#sessions) {
      if (session.torrent !== undefined && swarmHashes(session.torrent.info).includes(infoHash)) return id;
    }
    return infoHash;
  }

  #session(id: SessionId): OpenSession {
    const open = this.#sessions.get(id);
    if (open === undefined) throw new EngineCallError('unknown-session', notice('filmNotOpen'));
    return open;
  }

  async #removeSession(id: SessionId, deleteStored: boolean): Promise<void> {
    this.#session(id);
    await this.#close(id);
    if (deleteStored) await this.#deleteStored(id);
  }

  async #deleteStored(id: SessionId): Promise<void> {
    if (this.#sessions.has(id)) throw new EngineCallError('bad-request', notice('filmIsOpen'));
    await this.#closing.get(id);
    await this.#room.untilFree(id);
    await this.#options.store.remove(id);
    this.#storedFilms.forget(id);
    await this.#countStored();
    this.#resumeWaiting();
  }

  async #deleteAllStored(): Promise<void> {
    for (const { infoHash } of await this.#options.store.list()) if (!this.#sessions.has(infoHash)) await this.#deleteStored(infoHash);
  }

  async #shrinkStore(): Promise<void> {
    try {
      await this.#room.shrink();
      await this.#countStored();
    } catch (error) {
      this.#options.logger.warn('the store could not be brought under its quota', { reason: String(error) });
    }
  }

  /** Room was made: what waits for it goes on. */
  #resumeWaiting(): void {
    for (const { session } of this.#sessions.values()) if (session.isWaitingForRoom) session.resume();
  }

  async #close(id: SessionId): Promise<void> {
    const open = this.#sessions.get(id);
    if (open === undefined) return this.#closing.get(id);
    open.cancelLinger?.();
    this.#sessions.delete(id);
    if (this.#settings.consented) this.#configureSignaling();
    const closing = open.session
      .close()
      .catch((error: unknown) => this.#options.logger.warn('a session closed badly', { reason: String(error) }))
      .finally(() => {
        this.#options.sharedFiles?.remove(id);
        this.#closing.delete(id);
        this.#storedFilms.forget(id);
        if (!this.#isClosed) void this.#countStored();
      });
    this.#closing.set(id, closing);
    this.#onChange();
    await closing;
  }

  #disconnect(client: EngineClient): void {
    this.#clients.delete(client);
    for (const [id, open] of this.#sessions) {
      open.session.forgetPlayer(client);
      if (!open.views.delete(client) || open.views.size > 0) continue;
      this.#linger(id, open);
    }
    this.#onChange();
  }

  /** What is being saved to disk is read on without a page. */
  #linger(id: SessionId, open: OpenSession): void {
    open.cancelLinger?.();
    // It needs no page.
    if (open.session.share !== undefined) return;
    open.cancelLinger = this.#options.clock.after(this.#limits.lingerMs, () => {
      if (open.session.torrent?.isRead === true) this.#linger(id, open);
      else void this.#close(id);
    });
  }

  #retry(): void {
    this.#signaling.connectAll();
    for (const { session } of this.#sessions.values()) session.sources.retry();
  }

  #peerRoom(): number {
    let linked = 0;
    for (const { session } of this.#sessions.values()) linked += session.sources.peerCount;
    return this.#limits.peers - linked;
  }

  #onWatch(): void {
    void this.#countStored();
    this.#push();
  }

  #onChange(): void {
    const { clock } = this.#options;
    this.#countFilms();
    this.#cancelPush ??= clock.after(Math.max(0, this.#pushedAtMs + PUSH_EVERY_MS - clock.now()), () => this.#push());
  }

  #countFilms(): void {
    let films = 0;
    for (const { views } of this.#sessions.values()) if (views.size > 0) films++;
    if (films === this.#openFilms) return;
    this.#openFilms = films;
    this.#options.onFilmCount?.(films);
  }

  /** Once what is happening now is done. */
  #pushSoon(): void {
    this.#cancelPush?.();
    this.#cancelPush = this.#options.clock.after(0, () => this.#push());
  }

  #push(): void {
    this.#cancelPush?.();
    this.#cancelPush = undefined;
    const watching = [...this.#clients].filter((client) => client.isWatching);
    if (watching.length === 0) return;
    const nowMs = this.#options.clock.now();
    this.#pushedAtMs = nowMs;
    const sessions = Array.from(this.#sessions.values(), ({ session, views }) => snapshotSession(session, views.size, nowMs));
    const { storedBytes, quotaBytes, usedBytes } = this.#room;
    const snapshot = { sessions, storedBytes, store: { quotaBytes, usedBytes, films: this.#films } };
    for (const client of watching) client.push(snapshot);
  }

  #startTicking(): void {
    const { clock } = this.#options;
    const dueAtMs = clock.now() + TICK_MS;
    this.#cancelTick ??= clock.after(TICK_MS, () => {
      this.#cancelTick = undefined;
      if (clock.now() - dueAtMs >= SLEPT_MS) this.reconnect();
      this.#tick();
      if (this.#sessions.size > 0) this.#startTicking();
    });
  }

  #tick(): void {
    this.#ticks++;
    for (const { session } of this.#sessions.values()) {
      session.tick();
      if (this.#ticks % PATHS_EVERY_TICKS === 0 && this.#clients.size > 0) void session.sources.refreshPaths();
    }
    if (this.#ticks % INDEX_EVERY_TICKS === 0) for (const { session } of this.#sessions.values()) void session.torrent?.chunks.saveIndex();
    if (this.#ticks % COUNT_STORED_EVERY_TICKS === 0) void this.#countStored();
    if (this.#ticks % FREE_EVERY_TICKS === 0) void this.#lookForRoom();
    this.#push();
  }

  /** A disk that was full may have room again, whoever made it. */
  async #lookForRoom(): Promise<void> {
    const isWaiting = [...this.#sessions.values()].some(({ session }) => session.isWaitingForRoom);
    if (!isWaiting) {
      this.#freeWhenFull = undefined;
      this.#looksWhenFull = 0;
      return;
    }
    const freeBytes = await this.#room.freeBytes();
    if (freeBytes === undefined) return;
    this.#freeWhenFull ??= freeBytes;
    this.#looksWhenFull++;
    const isWorthATry = this.#looksWhenFull >= LOOKS_UNTIL_TRIED && freeBytes >= GAINED_BYTES;
    if (freeBytes < this.#freeWhenFull + GAINED_BYTES && !isWorthATry) return;
    this.#freeWhenFull = undefined;
    this.#looksWhenFull = 0;
    this.#resumeWaiting();
  }

  async #countStored(): Promise<void> {
    const knownBytes = this.#room.storedBytes;
    try {
      await this.#room.learn();
      const stored = await this.#options.store.list();
      this.#room.count(stored);
      await this.#room.settle();
      for (const id of this.#sessions.keys()) this.#storedFilms.forget(id);
      const films = await this.#storedFilms.describe(stored.filter(({ infoHash }) => !this.#sessions.has(infoHash)));
      if (this.#room.storedBytes === knownBytes && JSON.stringify(films) === JSON.stringify(this.#films)) return;
      this.#films = films;
      this.#onChange();
    } catch (error) {
      this.#options.logger.warn('stored bytes could not be counted', { reason: String(error) });
    }
  }
}

/** @throws {EngineCallError} `bad-magnet`, `unsupported-magnet` */
function readMagnet(text: string): Magnet {
  const parsed = parseMagnet(text);
  if (!parsed.ok) throw new EngineCallError(parsed.code, parsed.notice);
  return parsed.magnet;
}
