import type { Pace } from '@/src/base/pace';
import type { EngineSettings } from '@/src/protocol/engine-api';
import { randomPeerId, type InfoHash, type OfferId, type PeerId } from '@/src/protocol/ids';
import type { BlockMessage } from '@/src/protocol/peer-messages';
import type { PushGrant } from '@/src/protocol/push-grant';
import { ReplayGuard } from '@/src/protocol/replay-guard';
import { swarmIdOf } from '@/src/protocol/swarm-id';
import { swarmHashes } from '@/src/protocol/torrent-info';
import type { PeerLink } from '@/src/transport/peer-link';
import type { SignalingClient } from '@/src/transport/signaling-client';
import type { SwarmTracker } from '@/src/transport/swarm-tracker';
import type { ActiveTorrent } from './active-torrent';
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
import { PathKeeper } from './path-keeper';
import { Peer, type PeerHandlers } from './peer';
import { PushInbox } from './push-inbox';
import { randomResumeToken, Rendezvous } from './rendezvous';
import { SwarmLanes } from './swarm-lanes';
import { SwarmUploads } from './swarm-uploads';
import { TrackerMeetings } from './tracker-meetings';
import type { Traffic } from './traffic';
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
  /** Undefined where nothing may come unasked. */
  pushGrant(): PushGrant | undefined;
  torrent(): ActiveTorrent | undefined;
  downloader(): Downloader | undefined;
  hashes(): HashExchange | undefined;
  peerRoom(): number;
  /** The film has stood still for want of pieces. */
  hasStalled(): boolean;
  onSignaling(): void;
  /** Every server has been asked, and nobody is there. */
  onAlone(): void;
  onPeer(): void;
  onChange(): void;
}

/** After the hello (SPEC N2). Blocks may overtake what explains them, for as long as a lost packet takes to come again. */
const PUSH_SAID_WITHIN_MS = 1000;
/** Ids cost nothing: the oldest are forgotten. */
const MAX_REMEMBERED_STRIKES = 1000;

/** The native swarm of one session: finds peers through every signaling server, links them, and routes what they say. */
export class Swarm {
  readonly #options: SwarmOptions;
  readonly #ownId: PeerId;
  readonly #resumeToken: string;
  readonly #replayGuard: ReplayGuard;
  readonly #peers = new Map<PeerId, Peer>();
  readonly #uploads: SwarmUploads;
  readonly #banned = new Set<PeerId>();
  readonly #lanes: SwarmLanes;
  readonly #paths: PathKeeper;
  /** SPEC R5: of peers that were linked, and may be again. */
  readonly #strikes = new Map<PeerId, number>();
  readonly #failedDials = new FailedDials();
  readonly #dials = new Map<OfferId, Dial>();
  #settings: EngineSettings | undefined;
  #signaling: readonly SignalingClient[] = [];
  #rendezvous: { readonly meeting: Rendezvous; readonly abort: AbortController }[] = [];
  /** By which it is met: the canonical info hash first, as far as it is known. */
  #hashes: readonly InfoHash[];
  readonly #wires = new Set<WireRendezvous>();
  readonly #trackers: TrackerMeetings;
  /** Servers that named nobody when they were asked last. */
  readonly #fruitless = new WeakSet<Rendezvous>();
  #joined = false;
  #hasOtherWays = false;

  constructor(options: SwarmOptions) {
    this.#options = options;
    this.#hashes = [options.infoHash];
    this.#ownId = randomPeerId(options.engine.randomBytes);
    this.#resumeToken = randomResumeToken(options.engine);
    this.#replayGuard = new ReplayGuard(() => options.engine.clock.now());
    this.#uploads = new SwarmUploads(options);
    this.#lanes = new SwarmLanes({
      engine: options.engine,
      limits: options.limits,
      ownId: this.#ownId,
      room: options.laneRoom,
      rtcConfiguration: () => options.ice.configuration(),
      missingBytes: () => options.downloader()?.missingBytes ?? Number.POSITIVE_INFINITY,
      hasStalled: () => options.hasStalled(),
    });
    this.#paths = new PathKeeper({
      engine: options.engine,
      couriers: () => this.#rendezvous.flatMap(({ meeting }) => (meeting.client.status.kind === 'connected' ? [meeting] : [])),
      onChange: (peer) => this.#onPath(peer),
      onGivenUp: (peer, reason) => void this.#dialAnew(peer, reason),
    });
    this.#trackers = new TrackerMeetings({
      engine: options.engine,
      limits: options.limits,
      ownId: this.#ownId,
      replayGuard: this.#replayGuard,
      signal: options.signal,
      dials: this.#dials,
      failedDials: this.#failedDials,
      rtcConfiguration: () => options.ice.configuration(),
      allowLocalPeers: () => this.#settings?.allowLocalPeers ?? false,
      wanted: () => this.#wanted(),
      isTaken: (peer) => this.#isTaken(peer),
      isSettled: () => this.#peers.size > 0,
      onLink: (peer, link, allowHost) => this.#addPeer(peer, link, allowHost),
      onStatus: () => {
        if (this.#trackers.trackers.some(({ status }) => status.kind === 'connected')) options.onSignaling();
        options.onChange();
      },
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

  /** Those that carry this swarm. */
  get trackers(): readonly SwarmTracker[] {
    return this.#trackers.trackers;
  }

  /**
   * @param urls trackers that carry the swarm, each with whether the viewer typed it
   * @param hasOtherWays peers may be found in the WebTorrent swarm as well
   */
  meetAtTrackers(urls: ReadonlyMap<string, boolean>, hasOtherWays: boolean): void {
    this.#hasOtherWays = hasOtherWays;
    this.#trackers.configure(urls);
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
    if (!samePrivacy) this.#trackers.renew();
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
    const meeting = new WireRendezvous({
      engine: this.#options.engine,
      limits: this.#options.limits,
      ownId: this.#ownId,
      dials: this.#dials,
      failedDials: this.#failedDials,
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
    if (!wire.signal.aborted) this.#wires.add(meeting);
    wire.signal.addEventListener('abort', () => this.#wires.delete(meeting), { once: true });
    return meeting;
  }

  leave(reason: string): void {
    this.#joined = false;
    for (const { abort } of this.#rendezvous.splice(0)) abort.abort();
    this.#trackers.leave();
    this.#unlink(reason);
  }

  #unlink(reason: string): void {
    for (const dial of this.#dials.values()) dial.end();
    for (const peer of this.#peers.values()) peer.close(reason);
  }

  /** Whether we let it wait (SPEC section C). */
  isChoked(peer: Peer): boolean {
    return this.#uploads.isChoked(peer);
  }

  /** Servers that are connected are asked at once; the others are connected to by whoever shares them. */
  retry(): void {
    this.#paths.online();
    for (const { meeting } of this.#rendezvous) meeting.retry();
    this.#trackers.retry();
  }

  /** The metadata is known: peers that waited for it get their turn, and others find us by each hash the torrent has (SPEC S5). */
  learnTorrent(torrent: ActiveTorrent): void {
    this.#hashes = swarmHashes(torrent.info);
    if (this.#joined) this.#meet();
    for (const peer of this.#peers.values()) {
      this.#adoptPush(peer);
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

  countWaste(peer: Peer | undefined, bytes: number, isCorrupt = false): void {
    peer?.traffic.wasted(bytes, isCorrupt);
    this.#options.traffic.wasted(bytes, isCorrupt);
  }

  /** Strangers who are only there must not keep everybody else out: where there is no room, one of them at a time makes some. */
  tick(): void {
    this.#uploads.tick();
    const { engine, limits } = this.#options;
    for (const peer of this.#peers.values()) {
      peer.tellPutOff();
      const { inbox, readyAtMs = Number.POSITIVE_INFINITY } = peer;
      if (inbox?.isUnexplained === true && engine.clock.now() - readyAtMs >= PUSH_SAID_WITHIN_MS) peer.drop('N2: blocks without a push');
    }
    if (!this.#joined || this.#wanted() > 0) return;
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
    this.#trackers.join(this.#hashes, this.#hasOtherWays || this.#signaling.length > 0);
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
        pushGrant: () => this.#pushGrant(),
        onLink: (peer, link, allowHost, dial) => this.#addPeer(peer, link, allowHost, dial),
        failedDials: this.#failedDials,
        paths: this.#paths,
        onStatus: () => this.#onStatus(client),
        onRelays: (relays) => this.#options.ice.lend(client.url, relays),
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
    this.#paths.reachable();
    if (found > 0) this.#fruitless.delete(meeting);
    else this.#fruitless.add(meeting);
    if (!this.isPromising) this.#options.onAlone();
  }

  #onStatus(client: SignalingClient): void {
    if (client.status.kind === 'connected') this.#options.onSignaling();
    this.#options.onChange();
  }

  /** SPEC N1: one peer at a time, while there is nothing to ask for yet. */
  #pushGrant(): PushGrant | undefined {
    const isGranted =
      [...this.#dials.values()].some(({ role, grant }) => role === 'offerer' && grant !== undefined) ||
      [...this.#peers.values()].some(({ inbox }) => inbox?.isHolding === true);
    return isGranted || this.#options.torrent() !== undefined ? undefined : this.#options.pushGrant();
  }

  #addPeer(id: PeerId, link: PeerLink, allowHost: boolean, dial?: Pick<Dial, 'role' | 'grant'>): void {
    const { engine, limits } = this.#options;
    // Negotiations were begun while there was room for each of them, not for all.
    if (!this.#joined || this.#peers.has(id) || this.#banned.has(id) || this.#wanted() <= 0) {
      return link.close('no room, or linked already');
    }
    const peer = new Peer(id, link, this.#handlers(), engine.clock.now());
    peer.strikes = this.#strikes.get(id) ?? 0;
    this.#peers.set(id, peer);
    this.#failedDials.linked(id);
    this.#uploads.add(peer);
    this.#lanes.addPeer(peer, allowHost);
    if (dial?.role === 'offerer' && dial.grant !== undefined) peer.inbox = new PushInbox(dial.grant.bytes);
    const torrent = this.#options.torrent();
    peer.start(this.#ownId, torrent?.info, () => {
      if (torrent !== undefined && dial?.role === 'answerer' && dial.grant !== undefined) this.#uploads.push(peer, torrent, dial.grant);
    });
    if (!peer.isGone) this.#paths.addPeer(peer);
    engine.clock.after(limits.helloTimeoutMs, () => {
      if (!peer.isReady) peer.close('it never said hello');
    });
  }

  /** SPEC N3 */
  #adoptPush(peer: Peer): void {
    const downloader = this.#options.downloader();
    const run = peer.inbox?.run;
    if (downloader !== undefined && peer.inbox?.isHolding === true && run !== undefined) downloader.adoptPush(peer, run, peer.inbox.take());
  }

  #handlers(): PeerHandlers {
    const { metadata } = this.#options;
    return {
      onReady: (peer) => {
        peer.readyAtMs ??= this.#options.engine.clock.now();
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
      onRequest: (peer, range, lane) => this.#uploads.request(peer, range, lane),
      onCancel: (peer, range, lane) => this.#uploads.cancel(peer, range, lane),
      onReject: (peer, range, lane) => this.#options.downloader()?.reject(peer, range, lane),
      onBlock: (peer, block, lane) => {
        const downloader = this.#options.downloader();
        if (peer.inbox?.isHolding === true && !expects(lane, block)) {
          if (!peer.inbox.hold(block)) peer.drop('N1: more than was allowed');
        } else if (downloader === undefined) peer.drop('B4: a block before the metadata');
        else downloader.receive(peer, block, lane);
      },
      onPush: (peer) => this.#adoptPush(peer),
      onDrain: (_peer, lane) => this.#uploads.drain(lane),
      onLaneMessage: (peer, message) => this.#lanes.receive(peer, message),
      onLaneOpen: (peer, lane) => {
        this.#uploads.serve(peer, lane);
        this.#options.downloader()?.addLane(peer, lane);
      },
      onLaneLost: (peer, lane) => {
        this.#uploads.end(lane);
        this.#options.downloader()?.removeLane(peer, lane);
      },
      onHeard: (peer) => void (peer.lastHeardAtMs = this.#options.engine.clock.now()),
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

  /** The path of its link was lost, or found again. */
  #onPath(peer: Peer): void {
    const downloader = this.#options.downloader();
    if (peer.isAway) {
      this.#lanes.closeLanes(peer);
      downloader?.away();
    } else {
      downloader?.back(peer);
      void this.#refreshPath(peer);
    }
    this.#options.onChange();
  }

  /** SPEC R5: once, at once; if that fails, it is met again as others are. */
  async #dialAnew(peer: Peer, reason: string): Promise<void> {
    peer.close(reason);
    for (const { meeting } of this.#rendezvous.slice()) if (await meeting.dialAnew(peer.id)) return;
  }

  #rememberStrikes({ id, strikes }: Peer): void {
    this.#strikes.delete(id);
    this.#strikes.set(id, strikes);
    const [oldest] = this.#strikes.keys();
    if (this.#strikes.size > MAX_REMEMBERED_STRIKES && oldest !== undefined) this.#strikes.delete(oldest);
  }

  #onGone(peer: Peer, reason: string, blamed: boolean): void {
    this.#options.engine.logger.debug('a peer is gone', { reason, blamed });
    if (blamed) this.#banned.add(peer.id);
    this.#peers.delete(peer.id);
    this.#paths.removePeer(peer);
    if (peer.strikes > 0) this.#rememberStrikes(peer);
    this.#lanes.removePeer(peer);
    this.#uploads.remove(peer);
    this.#options.metadata.removePeer(peer);
    this.#options.hashes()?.removePeer(peer);
    this.#options.downloader()?.removePeer(peer);
    if (this.#joined) for (const meeting of [...this.#rendezvous.map((server) => server.meeting), ...this.#wires]) meeting.seekSoon();
    if (this.#joined && this.#peers.size === 0) this.#trackers.retry();
    this.#options.onChange();
  }
}

function expects({ owed }: Lane, { piece, offsetBytes, payload }: BlockMessage): boolean {
  return owed.expects({ piece, offsetBytes, lengthBytes: payload.length });
}
