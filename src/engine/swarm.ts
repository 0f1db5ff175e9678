import type { Bitfield } from '@/src/base/bitfield';
import type { Pace } from '@/src/base/pace';
import type { EngineSettings } from '@/src/protocol/engine-api';
import { randomPeerId, type InfoHash, type OfferId, type PeerId } from '@/src/protocol/ids';
import { ReplayGuard } from '@/src/protocol/replay-guard';
import { swarmIdOf } from '@/src/protocol/swarm-id';
import { swarmHashes } from '@/src/protocol/torrent-info';
import type { PeerLink } from '@/src/transport/peer-link';
import type { SignalingClient } from '@/src/transport/signaling-client';
import type { ActiveTorrent } from './active-torrent';
import { Choker } from './choker';
import type { Dial } from './dial';
import type { Downloader } from './downloader';
import type { EngineOptions } from './engine-options';
import { FailedDials } from './failed-dials';
import type { HashExchange } from './hash-exchange';
import type { IceServers } from './ice-servers';
import type { Lane } from './lane';
import type { LaneRoom } from './lane-room';
import type { EngineLimits } from './limits';
import type { MetadataExchange } from './metadata-exchange';
import { Peer, type PeerHandlers } from './peer';
import { randomResumeToken, Rendezvous } from './rendezvous';
import { SwarmLanes } from './swarm-lanes';
import type { Traffic } from './traffic';
import { UploadQueue } from './upload-queue';
import { WireRendezvous, type WireRendezvousOptions } from './wire-rendezvous';

export interface SwarmOptions {
  readonly engine: EngineOptions;
  readonly limits: EngineLimits;
  readonly infoHash: InfoHash;
  readonly signal: AbortSignal;
  readonly metadata: MetadataExchange;
  readonly uploadPace: Pace;
  readonly laneRoom: LaneRoom;
  readonly ice: IceServers;
  /** Where all bytes are counted, besides each peer. */
  readonly traffic: Traffic;
  torrent(): ActiveTorrent | undefined;
  downloader(): Downloader | undefined;
  hashes(): HashExchange | undefined;
  peerRoom(): number;
  onSignaling(): void;
  /** Every server has been asked, and nobody is there. */
  onAlone(): void;
  onPeer(): void;
  onChange(): void;
}

/** The native swarm of one session: finds peers through every signaling server, links them, and routes what they say. */
export class Swarm {
  readonly #options: SwarmOptions;
  readonly #ownId: PeerId;
  readonly #resumeToken: string;
  readonly #replayGuard: ReplayGuard;
  readonly #peers = new Map<PeerId, Peer>();
  readonly #uploads = new Map<Lane, UploadQueue>();
  readonly #choker: Choker;
  readonly #banned = new Set<PeerId>();
  readonly #lanes: SwarmLanes;
  readonly #failedDials = new FailedDials();
  readonly #dials = new Map<OfferId, Dial>();
  #settings: EngineSettings | undefined;
  #signaling: readonly SignalingClient[] = [];
  #rendezvous: { readonly meeting: Rendezvous; readonly abort: AbortController }[] = [];
  /** By which it is met: the canonical info hash first, as far as it is known. */
  #hashes: readonly InfoHash[];
  readonly #wires = new Set<WireRendezvous>();
  /** Servers that named nobody when they were asked last. */
  readonly #fruitless = new WeakSet<Rendezvous>();
  #joined = false;

  constructor(options: SwarmOptions) {
    this.#options = options;
    this.#hashes = [options.infoHash];
    this.#ownId = randomPeerId(options.engine.randomBytes);
    this.#resumeToken = randomResumeToken(options.engine);
    this.#replayGuard = new ReplayGuard(() => options.engine.clock.now());
    this.#choker = new Choker({
      clock: options.engine.clock,
      limitBytesPerSecond: () => options.uploadPace.bytesPerSecond,
      sentBytesPerSecond: (nowMs) => options.traffic.rates(nowMs).uploadBytesPerSecond,
      isFetching: () => options.torrent()?.isComplete === false,
      lacks: (peer) => lacksSomethingOf(options.torrent()?.verified, peer),
      isServing: ({ lanes }) => lanes.some((lane) => this.#uploads.get(lane)?.isIdle === false),
      choke: (peer) => {
        peer.send({ type: 'choke' });
        for (const lane of peer.lanes) this.#uploads.get(lane)?.choke(options.engine.clock.now());
      },
      unchoke: (peer) => peer.send({ type: 'unchoke' }),
    });
    this.#lanes = new SwarmLanes({
      engine: options.engine,
      limits: options.limits,
      ownId: this.#ownId,
      room: options.laneRoom,
      rtcConfiguration: () => options.ice.configuration(),
      missingBytes: () => options.downloader()?.missingBytes ?? 0,
    });
    options.signal.addEventListener('abort', () => this.leave('the session ended'));
  }

  get peers(): ReadonlyMap<PeerId, Peer> {
    return this.#peers;
  }

  get peerCount(): number {
    return this.#peers.size;
  }

  get dials(): ReadonlyMap<OfferId, Dial> {
    return this.#dials;
  }

  get signaling(): readonly SignalingClient[] {
    return this.#signaling;
  }

  configure(settings: EngineSettings, signaling: readonly SignalingClient[]): void {
    const before = this.#settings;
    const sameWays = (settings.relayOnly ?? false) === (before?.relayOnly ?? false);
    const samePrivacy = settings.allowLocalPeers === before?.allowLocalPeers && sameWays;
    this.#settings = settings;
    this.#signaling = signaling;
    if (!this.#joined) return;
    if (!sameWays) this.#unlink('connections go another way from now on');
    for (const { meeting, abort } of this.#rendezvous) if (!samePrivacy || !signaling.includes(meeting.client)) abort.abort();
    this.#rendezvous = this.#rendezvous.filter(({ abort }) => !abort.signal.aborted);
    this.#meet();
  }

  /** Whether a server may yet name somebody, or has: false once all of them have answered and nobody is there. */
  get isPromising(): boolean {
    return this.#peers.size > 0 || this.#rendezvous.some(({ meeting }) => !this.#fruitless.has(meeting));
  }

  join(): void {
    this.#joined = true;
    this.#meet();
    for (const meeting of this.#wires) meeting.greet();
  }

  /** A viewer was met in the WebTorrent swarm; the wire ends with the signal. */
  meetOnWire(wire: Pick<WireRendezvousOptions, 'signal' | 'send' | 'onOffence'> & { readonly isLocal: boolean }): WireRendezvous {
    const { engine, limits } = this.#options;
    const meeting = new WireRendezvous({
      engine,
      limits,
      ownId: this.#ownId,
      dials: this.#dials,
      signal: AbortSignal.any([wire.signal, this.#options.signal]),
      // SPEC W5: strangers on a wire of a private network are machines of that network.
      allowHost: wire.isLocal || (this.#settings?.allowLocalPeers ?? false),
      rtcConfiguration: () => this.#options.ice.configuration(),
      wanted: () => (this.#joined ? this.#wanted() : 0),
      isTaken: (peer) => this.#isTaken(peer),
      onLink: (peer, link, allowHost) => this.#addPeer(peer, link, allowHost),
      send: (message) => wire.send(message),
      onOffence: (reason) => wire.onOffence(reason),
    });
    this.#wires.add(meeting);
    wire.signal.addEventListener('abort', () => this.#wires.delete(meeting), { once: true });
    return meeting;
  }

  leave(reason: string): void {
    this.#joined = false;
    for (const { abort } of this.#rendezvous.splice(0)) abort.abort();
    this.#unlink(reason);
  }

  #unlink(reason: string): void {
    for (const dial of this.#dials.values()) dial.end();
    for (const peer of this.#peers.values()) peer.close(reason);
  }

  /** Servers that are connected are asked at once; the others are connected to by whoever shares them. */
  retry(): void {
    for (const { meeting } of this.#rendezvous) meeting.retry();
  }

  /** The metadata is known: peers that waited for it get their turn, and others find us by each hash the torrent has (SPEC S5). */
  learnTorrent(torrent: ActiveTorrent): void {
    this.#hashes = swarmHashes(torrent.info);
    if (this.#joined) this.#meet();
    for (const peer of this.#peers.values()) {
      peer.learnTorrent(torrent.info);
      peer.tellPossession(torrent.verified);
    }
  }

  tellHave(piece: number): void {
    for (const peer of this.#peers.values()) peer.tellHave(piece);
  }

  tellDontHave(pieces: readonly number[]): void {
    for (const peer of this.#peers.values()) peer.tellDontHave(pieces);
  }

  /** Opens and closes connections beside the first ones, as they pay. */
  steerLanes(): void {
    this.#lanes.steer();
  }

  countDownload(peer: Peer, bytes: number): void {
    const nowMs = this.#options.engine.clock.now();
    peer.traffic.downloaded(bytes, nowMs);
    this.#options.traffic.downloaded(bytes, nowMs);
  }

  countWaste(peer: Peer | undefined, bytes: number): void {
    peer?.traffic.wasted(bytes);
    this.#options.traffic.wasted(bytes);
  }

  /** Strangers who are only there must not keep everybody else out: where there is no room, one of them at a time makes some. */
  tick(): void {
    this.#choker.tick();
    if (!this.#joined || this.#wanted() > 0) return;
    const { engine, limits } = this.#options;
    const untilMs = engine.clock.now() - limits.uselessAfterMs;
    const useless = [...this.#peers.values()].find(({ linkedAtMs, traffic }) => {
      const { downloadedBytes, uploadedBytes } = traffic.totals();
      return linkedAtMs < untilMs && downloadedBytes + uploadedBytes === 0;
    });
    useless?.close('others need its place');
  }

  /** Asks each link anew for its path and round-trip time. */
  async refreshPaths(): Promise<void> {
    await Promise.all(Array.from(this.#peers.values(), (peer) => this.#refreshPath(peer)));
  }

  async #refreshPath(peer: Peer): Promise<void> {
    peer.path = await peer.first.link.path();
    this.#lanes.steer();
    this.#options.onChange();
  }

  #meet(): void {
    for (const infoHash of this.#hashes) this.#meetBy(infoHash);
  }

  #meetBy(infoHash: InfoHash): void {
    const { engine, limits, signal } = this.#options;
    for (const client of this.#signaling) {
      if (this.#rendezvous.some(({ meeting }) => meeting.client === client && meeting.infoHash === infoHash)) continue;
      const abort = new AbortController();
      const meeting = new Rendezvous({
        engine,
        limits,
        infoHash,
        swarmId: swarmIdOf(infoHash),
        ownId: this.#ownId,
        resumeToken: this.#resumeToken,
        client,
        replayGuard: this.#replayGuard,
        signal: AbortSignal.any([abort.signal, signal]),
        rtcConfiguration: () => this.#options.ice.configuration(),
        allowLocalPeers: this.#settings?.allowLocalPeers ?? false,
        dials: this.#dials,
        wanted: () => this.#wanted(),
        isTaken: (peer) => this.#isTaken(peer),
        takenPeers: () => [...this.#peers.keys(), ...this.#banned],
        onLink: (peer, link, allowHost) => this.#addPeer(peer, link, allowHost),
        failedDials: this.#failedDials,
        onStatus: () => this.#onStatus(client),
        onAsked: (found) => this.#onAsked(meeting, found),
      });
      this.#rendezvous.push({ meeting, abort });
      this.#onStatus(client);
    }
  }

  #wanted(): number {
    if (!this.#options.ice.mayConnect) return 0;
    return Math.min(this.#options.limits.peersPerSession - this.#peers.size, this.#options.peerRoom());
  }

  #isTaken(peer: PeerId): boolean {
    return this.#peers.has(peer) || this.#banned.has(peer) || peer === this.#ownId;
  }

  #onAsked(meeting: Rendezvous, found: number): void {
    if (found > 0) this.#fruitless.delete(meeting);
    else this.#fruitless.add(meeting);
    if (!this.isPromising) this.#options.onAlone();
  }

  #onStatus(client: SignalingClient): void {
    if (client.status.kind === 'connected') this.#options.onSignaling();
    this.#options.onChange();
  }

  #addPeer(id: PeerId, link: PeerLink, allowHost: boolean): void {
    const { engine, limits } = this.#options;
    // Negotiations were begun while there was room for each of them, not for all.
    if (!this.#joined || this.#peers.has(id) || this.#banned.has(id) || this.#wanted() <= 0) {
      return link.close('no room, or linked already');
    }
    const peer = new Peer(id, link, this.#handlers(), engine.clock.now());
    this.#peers.set(id, peer);
    this.#failedDials.linked(id);
    this.#choker.add(peer);
    this.#lanes.addPeer(peer, allowHost);
    this.#serve(peer, peer.first);
    peer.start(this.#ownId, this.#options.torrent()?.info);
    engine.clock.after(limits.helloTimeoutMs, () => {
      if (!peer.isReady) peer.close('it never said hello');
    });
  }

  /** What the peer asks for over this connection is answered over it (SPEC L5). */
  #serve(peer: Peer, lane: Lane): void {
    const { engine, limits } = this.#options;
    this.#uploads.set(
      lane,
      new UploadQueue({
        link: lane.link,
        maxRequests: lane === peer.first ? limits.requestQueue : Math.ceil(limits.requestQueue / 4),
        maxRejectsInARow: limits.rejectsInARow,
        highWaterBytes: limits.uploadHighWaterBytes,
        pace: this.#options.uploadPace,
        read: async ({ piece, offsetBytes, lengthBytes }) => {
          const torrent = this.#options.torrent();
          if (torrent === undefined) throw new RangeError('nothing to serve yet');
          return torrent.readBlock(piece, offsetBytes, lengthBytes);
        },
        onUploaded: (bytes) => {
          const nowMs = engine.clock.now();
          peer.lastBulkAtMs = nowMs;
          peer.traffic.uploaded(bytes, nowMs);
          this.#options.traffic.uploaded(bytes, nowMs);
        },
        onAbuse: () => peer.drop('B3: too many requests that cannot be served'),
      }),
    );
  }

  #handlers(): PeerHandlers {
    const { metadata } = this.#options;
    return {
      onReady: (peer) => {
        this.#options.onPeer();
        metadata.addPeer(peer);
        const torrent = this.#options.torrent();
        if (torrent !== undefined) peer.tellPossession(torrent.verified);
        void this.#refreshPath(peer);
      },
      onPossession: (peer) => {
        this.#options.hashes()?.addPeer(peer);
        this.#options.downloader()?.addPeer(peer);
      },
      onHave: (peer, piece) => {
        this.#options.hashes()?.peerHas(peer);
        this.#options.downloader()?.peerHas(peer, piece);
      },
      onHashes: (peer, message) => this.#options.hashes()?.receive(peer, message),
      onDontHave: (_peer, piece) => this.#options.downloader()?.peerLacks(piece),
      onMetadata: (peer, message) => metadata.receive(peer, message),
      onRequest: (peer, range, lane) => {
        const uploads = this.#uploads.get(lane);
        const torrent = this.#options.torrent();
        if (!this.#choker.mayAsk(peer)) uploads?.rejectChoked(range, this.#options.engine.clock.now());
        else if (torrent?.verified.has(range.piece) === true) uploads?.add(range);
        else if (torrent?.evictedLately(range.piece) === true) uploads?.refuse(range);
        else uploads?.reject(range);
      },
      onCancel: (peer, range, lane) => {
        if (this.#uploads.get(lane)?.cancel(range) !== true) peer.idle();
      },
      onReject: (peer, range, lane) => this.#options.downloader()?.reject(peer, range, lane),
      onBlock: (peer, block, lane) => {
        const downloader = this.#options.downloader();
        if (downloader === undefined) peer.drop('B4: a block before the metadata');
        else downloader.receive(peer, block, lane);
      },
      onDrain: (_peer, lane) => void this.#uploads.get(lane)?.serve(),
      onLaneMessage: (peer, message) => this.#lanes.receive(peer, message),
      onLaneOpen: (peer, lane) => {
        this.#serve(peer, lane);
        this.#options.downloader()?.addLane(peer, lane);
      },
      onLaneLost: (peer, lane) => {
        this.#endUploads(lane);
        this.#options.downloader()?.removeLane(peer, lane);
      },
      onIdle: (peer) => {
        const { engine, limits } = this.#options;
        if (peer.idleFrames.add(engine.clock.now(), limits)) peer.drop('L8: frames without end');
      },
      onChoking: (peer) => {
        if (peer.isChoking) this.#options.downloader()?.choked(peer);
        else this.#options.downloader()?.unchoked(peer);
      },
      onGone: (peer, reason, blamed) => this.#onGone(peer, reason, blamed),
    };
  }

  #endUploads(lane: Lane): void {
    this.#uploads.get(lane)?.close();
    this.#uploads.delete(lane);
  }

  #onGone(peer: Peer, reason: string, blamed: boolean): void {
    this.#options.engine.logger.debug('a peer is gone', { reason, blamed });
    if (blamed) this.#banned.add(peer.id);
    this.#peers.delete(peer.id);
    for (const lane of peer.lanes) this.#endUploads(lane);
    this.#lanes.removePeer(peer);
    this.#choker.remove(peer);
    this.#options.metadata.removePeer(peer);
    this.#options.hashes()?.removePeer(peer);
    this.#options.downloader()?.removePeer(peer);
    if (this.#joined) for (const meeting of [...this.#rendezvous.map((server) => server.meeting), ...this.#wires]) meeting.seekSoon();
    this.#options.onChange();
  }
}

function lacksSomethingOf(verified: Bitfield | undefined, { has }: Peer): boolean {
  if (verified === undefined || has === undefined) return false;
  return verified.bytes.some((byte, index) => (byte & ~(has.bytes[index] ?? 0)) !== 0);
}
