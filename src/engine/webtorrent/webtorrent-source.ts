import type { Bytes } from '@/src/base/bytes';
import type { Paces } from '@/src/base/pace';
import type { EngineSettings, PeerSnapshot, SourceSnapshot } from '@/src/protocol/engine-api';
import type { InfoHash } from '@/src/protocol/ids';
import { pieceSizeBytes } from '@/src/protocol/torrent-info';
import { WIRE_EXTENSION } from '@/src/protocol/wire-signals';
import { PeerAdmission } from '@/src/transport/peer-admission';
import type { WireChannel } from '@/src/transport/wire-channel';
import { ANNOUNCED_REQUEST_QUEUE } from '@/src/transport/wire-limits';
import type { ActiveTorrent } from '../active-torrent';
import type { EngineOptions } from '../engine-options';
import { IdleFrames } from '../idle-frames';
import type { IceServers } from '../ice-servers';
import type { EngineLimits } from '../limits';
import type { PeerSource } from '../source';
import { SourceRecord } from '../source-record';
import type { Swarm } from '../swarm';
import type { WireRendezvous } from '../wire-rendezvous';
import type { LazyLibrary } from './lazy-library';
import { failedPiece, infoBytesOf, offerMetadata, type LibraryTorrent, type LibraryWire } from './library';
import { LibraryFetcher } from './library-fetcher';
import type { LibraryStoreCalls } from './library-store';
import { lodestreamExtension } from './lodestream-extension';
import { TrackerSet } from './tracker-set';
import { WirePeer } from './wire-peer';

/** What one peer says leads to a new plan at once only so often: a plan looks at all pieces that are open. */
const PLANS_AT_ONCE = { idleFrames: 50, idleFramesPerSecond: 20 };

export interface WebTorrentSourceOptions {
  readonly engine: EngineOptions;
  readonly limits: EngineLimits;
  readonly library: LazyLibrary;
  readonly ice: IceServers;
  readonly rates: Paces;
  /** Resolves once it is known whether the metadata is on the disk. */
  readonly storeAsked: Promise<void>;
  /** Undefined while only a v2 hash is known, and for ever if the torrent is of v2 alone. */
  infoHash(): InfoHash | undefined;
  /** Ends the source for good. */
  readonly signal: AbortSignal;
  settings(): EngineSettings;
  peerRoom(): number;
  /** Another viewer of ours is at the end of a wire: links natively with it through that wire. */
  readonly meetOnWire: Swarm['meetOnWire'];
  onPeer(): void;
  /** An info dictionary that peers gave; the receiver verifies it. */
  onMetadata(infoBytes: Bytes): void;
  onChange(): void;
}

/** From one start to the next stop. */
interface Run {
  readonly abort: AbortController;
  torrent: LibraryTorrent | undefined;
  fetcher: LibraryFetcher | undefined;
}

/** The WebTorrent swarm: peers from our tracker client, behind our wire guard, spoken to by the unmodified library. */
export class WebTorrentSource implements PeerSource {
  readonly name = 'webtorrent';
  readonly record: SourceRecord;
  readonly trackers: TrackerSet;
  readonly #options: WebTorrentSourceOptions;
  readonly #admission: PeerAdmission;
  readonly #channels = new Set<WireChannel>();
  readonly #peers = new Map<LibraryWire, WirePeer>();
  readonly #learned = Promise.withResolvers<ActiveTorrent>();
  #active: ActiveTorrent | undefined;
  #run: Run | undefined;

  constructor(options: WebTorrentSourceOptions) {
    this.#options = options;
    const { engine, library } = options;
    this.record = new SourceRecord(this.name, engine.clock);
    this.#admission = new PeerAdmission({ ownId: library.peerId, clock: options.engine.clock });
    this.trackers = new TrackerSet({
      engine,
      infoHash: () => options.infoHash(),
      peerId: library.peerId,
      admission: this.#admission,
      rtcConfiguration: () => options.ice.configuration(),
      allowLocalPeers: () => options.settings().allowLocalPeers,
      wanted: () =>
        options.ice.mayConnect ? Math.max(0, Math.min(options.limits.peersPerSession - this.#channels.size, options.peerRoom())) : 0,
      progress: () => this.#progress(),
      onChannel: (channel) => this.#onChannel(channel),
      onChange: () => options.onChange(),
    });
    options.signal.addEventListener('abort', () => this.stop(), { once: true });
  }

  get peerCount(): number {
    return this.#peers.size;
  }

  start(): void {
    if (this.#run !== undefined || this.#options.signal.aborted || this.#options.infoHash() === undefined) return;
    this.record.mark('started');
    const run: Run = { abort: new AbortController(), torrent: undefined, fetcher: undefined };
    this.#run = run;
    void this.#open(run);
    this.trackers.start();
  }

  stop(): void {
    const run = this.#run;
    if (run === undefined) return;
    this.#run = undefined;
    run.abort.abort();
    this.trackers.stop();
    for (const channel of this.#channels) channel.close('the session does without this swarm');
    if (run.torrent?.destroyed === false) run.torrent.destroy();
    this.#peers.clear();
  }

  learn(torrent: ActiveTorrent): void {
    this.#active = torrent;
    this.#learned.resolve(torrent);
    if (this.#run === undefined) return;
    for (const channel of this.#channels) channel.guard.setTorrent(torrent.info);
    // A wire teaches the torrent; without one the next wire does.
    for (const wire of this.#peers.keys()) void offerMetadata(wire, torrent.info.infoBytes);
    if (this.#run.torrent?.ready === true) this.#startFetching(this.#run, this.#run.torrent, false);
  }

  tick(): void {
    this.#run?.fetcher?.tick();
  }

  async refreshPaths(): Promise<void> {
    await Promise.all(Array.from(this.#peers.values(), (peer) => peer.refreshPath()));
    this.#options.onChange();
  }

  peers(nowMs: number): PeerSnapshot[] {
    return Array.from(this.#peers.values(), (peer) => peer.snapshot(this.#active?.info.pieceCount, nowMs));
  }

  snapshot(nowMs: number): SourceSnapshot {
    return this.record.snapshot(nowMs, this.#run !== undefined, this.peerCount);
  }

  async #open(run: Run): Promise<void> {
    const { engine, library, storeAsked } = this.#options;
    const infoHash = this.#options.infoHash();
    if (infoHash === undefined) return;
    try {
      // With the metadata at hand the library need not ask peers for it.
      const [client] = await Promise.all([library.get(), storeAsked]);
      if (run.abort.signal.aborted) return;
      const infoBytes = this.#active?.info.infoBytes;
      const torrent = await client.add({ infoHash, infoBytes, store: this.#storeCalls(run) }, (added) => this.#listen(run, added));
      if (run.abort.signal.aborted) return torrent.destroy();
      run.torrent = torrent;
      for (const channel of this.#channels) torrent.addPeer(channel, 'tracker');
    } catch (error) {
      engine.logger.warn('the WebTorrent library could not be started', { reason: String(error) });
    }
  }

  #listen(run: Run, torrent: LibraryTorrent): void {
    torrent.on('wire', (wire: LibraryWire) => this.#onWire(run, torrent, wire));
    torrent.on('metadata', () => this.#onMetadata(torrent));
    torrent.on('ready', () => {
      if (this.#active !== undefined) this.#startFetching(run, torrent, true);
    });
    torrent.on('warning', (warning: Error) => {
      const piece = failedPiece(warning);
      if (piece !== undefined) run.fetcher?.onFailed(piece);
    });
    torrent.on('error', (error: Error) => {
      this.#options.engine.logger.warn('a WebTorrent torrent failed', { reason: error.message });
      if (this.#run === run) this.stop();
    });
  }

  #onMetadata(torrent: LibraryTorrent): void {
    const infoBytes = infoBytesOf(torrent);
    if (this.#active !== undefined || infoBytes === undefined) return;
    this.record.mark('metadata');
    this.#options.onMetadata(infoBytes);
  }

  #startFetching(run: Run, torrent: LibraryTorrent, isFresh: boolean): void {
    const active = this.#active;
    if (active === undefined || run.fetcher !== undefined || run.abort.signal.aborted) return;
    const { engine, limits } = this.#options;
    active.planner.onVerified((_piece, from) => {
      if (from === this.name) this.record.mark('first-piece');
    }, run.abort.signal);
    run.fetcher = new LibraryFetcher({
      torrent,
      planner: active.planner,
      limits,
      clock: engine.clock,
      traffic: this.record.traffic,
      signal: run.abort.signal,
      isFresh,
      random: () => engine.random(),
      peers: () => [...this.#peers.values()],
      onLiar: (peer) => this.#ban(peer),
    });
  }

  #onChannel(channel: WireChannel): void {
    const { limits } = this.#options;
    if (this.#run === undefined || this.#channels.size >= limits.peersPerSession) return channel.close('no room');
    this.#channels.add(channel);
    channel.paces = this.#options.rates;
    if (this.#active !== undefined) channel.guard.setTorrent(this.#active.info);
    channel.on('close', () => {
      this.#channels.delete(channel);
      this.#options.engine.logger.debug('a WebTorrent peer is gone', { reason: channel.closeReason });
      this.#options.onChange();
    });
    this.#run.torrent?.addPeer(channel, 'tracker');
  }

  #onWire(run: Run, torrent: LibraryTorrent, wire: LibraryWire): void {
    const channel = [...this.#channels].findLast(({ remotePeerId, connected }) => connected && remotePeerId === wire.peerId);
    // Not the one it was introduced as: nothing could be held against it later.
    if (channel === undefined) return wire.destroy();
    const peer = new WirePeer(wire, channel, this.#options.engine.clock);
    this.#peers.set(wire, peer);
    wire.extendedHandshake['reqq'] = ANNOUNCED_REQUEST_QUEUE;
    const { clock } = this.#options.engine;
    const planned = new IdleFrames(clock.now());
    const plan = (): void => (planned.add(clock.now(), PLANS_AT_ONCE) ? run.fetcher?.planSoon() : run.fetcher?.plan());
    for (const event of ['unchoke', 'choke', 'bitfield', 'have', 'have-all']) wire.on(event, plan);
    wire.on('extended', (extension: unknown, handshake: { reqq?: unknown }) => {
      if (extension === 'handshake') peer.greet(handshake);
    });
    wire.on('piece', (piece: number, offsetBytes: number, bytes: Uint8Array) => run.fetcher?.onBlock(peer, piece, offsetBytes, bytes));
    wire.on('upload', (bytes: number) => {
      const nowMs = this.#options.engine.clock.now();
      peer.traffic.uploaded(bytes, nowMs);
      this.record.traffic.uploaded(bytes, nowMs);
    });
    wire.once('close', () => {
      this.#peers.delete(wire);
      run.fetcher?.onPeerGone(peer);
      this.#options.onChange();
    });
    this.#recognise(peer);
    this.record.mark('peer');
    this.#options.onPeer();
    void peer.refreshPath();
    // The session knew the metadata before this torrent had a wire to learn it from.
    if (this.#active !== undefined && !torrent.ready) void offerMetadata(wire, this.#active.info.infoBytes);
  }

  /** SPEC W1: viewers who meet here link natively, too. */
  #recognise(peer: WirePeer): void {
    const { wire, channel } = peer;
    const gone = new AbortController();
    wire.once('close', () => gone.abort());
    let meeting: Promise<WireRendezvous> | undefined;
    const meet = async (): Promise<WireRendezvous> => {
      const isLocal = await channel.isLocal();
      return this.#options.meetOnWire({
        signal: gone.signal,
        isLocal,
        send: (message) => wire.extended(WIRE_EXTENSION, message),
        onOffence: (reason) => channel.close(reason),
      });
    };
    wire.use(
      lodestreamExtension({
        onReady: () => void (meeting ??= meet()),
        onMessage: (message) => void (meeting ??= meet()).then((rendezvous) => rendezvous.receive(message)),
      }),
    );
  }

  #ban(peer: WirePeer): void {
    const { channel } = peer;
    this.#admission.ban(channel.remotePeerId, channel.fingerprint);
    channel.close('B6: pieces that do not verify');
  }

  #storeCalls(run: Run): LibraryStoreCalls {
    return {
      keep: async (piece, bytes) => {
        const { planner } = await this.#learned.promise;
        run.fetcher?.onBytes(piece, bytes);
        await planner.deliver(this.name, piece, bytes);
        // What could not be kept is not here: the library goes on waiting, until the session has stopped this source.
        if (!planner.verified.has(piece)) await Promise.withResolvers<never>().promise;
      },
      peek: (piece, offsetBytes, lengthBytes) => this.#active?.peekBlock(piece, offsetBytes, lengthBytes),
      read: async (piece, offsetBytes, lengthBytes) => {
        const torrent = await this.#learned.promise;
        return torrent.readBlock(piece, offsetBytes, lengthBytes ?? pieceSizeBytes(torrent.info, piece) - offsetBytes);
      },
    };
  }

  #progress(): ReturnType<ConstructorParameters<typeof TrackerSet>[0]['progress']> {
    const { downloadedBytes, uploadedBytes } = this.record.traffic.totals();
    return { downloadedBytes, uploadedBytes, leftBytes: this.#active?.missingBytes };
  }
}
