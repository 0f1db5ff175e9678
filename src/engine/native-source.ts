import type { Bytes } from '@/src/base/bytes';
import type { Paces } from '@/src/base/pace';
import type { EngineSettings, PeerSnapshot, SourceSnapshot } from '@/src/protocol/engine-api';
import type { InfoHash } from '@/src/protocol/ids';
import { leafHashes } from '@/src/protocol/merkle';
import { MAX_PUSH_BYTES } from '@/src/protocol/push-grant';
import { isV2Only, pieceSizeBytes } from '@/src/protocol/torrent-info';
import type { SignalingClient } from '@/src/transport/signaling-client';
import type { ActiveTorrent } from './active-torrent';
import { Downloader } from './downloader';
import type { EngineOptions } from './engine-options';
import { HashExchange } from './hash-exchange';
import type { IceServers } from './ice-servers';
import type { LaneRoom } from './lane-room';
import type { EngineLimits } from './limits';
import { MetadataExchange } from './metadata-exchange';
import { snapshotNativePeers } from './native-snapshot';
import { createPieceVerifier } from './piece-verifier';
import type { PeerSource } from './source';
import { SourceRecord } from './source-record';
import { Swarm } from './swarm';

export interface NativeSourceOptions {
  readonly engine: EngineOptions;
  readonly limits: EngineLimits;
  readonly infoHash: InfoHash;
  /** What the link itself asks for. */
  readonly wantedFile: number | undefined;
  readonly signal: AbortSignal;
  readonly rates: Paces;
  readonly laneRoom: LaneRoom;
  readonly ice: IceServers;
  peerRoom(): number;
  /** The film has stood still for want of pieces. */
  hasStalled(): boolean;
  onSignaling(): void;
  /** Every signaling server has been asked, and nobody is there. */
  onAlone(): void;
  onPeer(): void;
  /** The dictionary, verified against the info hash. */
  onMetadata(infoBytes: Bytes): void;
  onChange(): void;
}

/** Our own swarm: found through signaling servers, linked by SPEC. */
export class NativeSource implements PeerSource {
  readonly name = 'native';
  readonly record: SourceRecord;
  readonly swarm: Swarm;
  readonly #options: NativeSourceOptions;
  readonly #metadata: MetadataExchange;
  #torrent: ActiveTorrent | undefined;
  #downloader: Downloader | undefined;
  #hashes: HashExchange | undefined;
  #running = false;

  constructor(options: NativeSourceOptions) {
    this.#options = options;
    this.record = new SourceRecord(this.name, options.engine.clock);
    this.#metadata = new MetadataExchange({
      infoHash: options.infoHash,
      clock: options.engine.clock,
      engine: options.engine,
      onVerified: (infoBytes) => {
        this.record.mark('metadata');
        options.onMetadata(infoBytes);
      },
    });
    this.swarm = new Swarm({
      engine: options.engine,
      limits: options.limits,
      infoHash: options.infoHash,
      signal: options.signal,
      metadata: this.#metadata,
      uploadPace: options.rates.upload,
      laneRoom: options.laneRoom,
      ice: options.ice,
      traffic: this.record.traffic,
      // A limited line is for what is asked for.
      pushGrant: () =>
        options.rates.download.bytesPerSecond === Number.POSITIVE_INFINITY
          ? { bytes: MAX_PUSH_BYTES, fileIndex: options.wantedFile }
          : undefined,
      torrent: () => this.#torrent,
      downloader: () => this.#downloader,
      hashes: () => this.#hashes,
      peerRoom: () => options.peerRoom(),
      hasStalled: () => options.hasStalled(),
      onSignaling: () => options.onSignaling(),
      onAlone: () => options.onAlone(),
      onPeer: () => {
        this.record.mark('peer');
        options.onPeer();
      },
      onChange: () => options.onChange(),
    });
  }

  get peerCount(): number {
    return this.swarm.peerCount;
  }

  start(): void {
    this.#downloader?.resume();
    if (this.#running) return;
    this.#running = true;
    this.record.mark('started');
    this.swarm.join();
  }

  /** Until the next start nothing is fetched; what is here is still shared. */
  pauseDownload(): void {
    this.#downloader?.pause();
  }

  stop(): void {
    if (!this.#running) return;
    this.#running = false;
    this.swarm.leave('the session does without this swarm');
    this.#downloader?.pause();
  }

  learn(torrent: ActiveTorrent): void {
    this.#torrent = torrent;
    this.#metadata.settle(torrent.info.infoBytes);
    const { engine, limits, signal } = this.#options;
    const { chunks, info, planner } = torrent;
    const hashes = new HashExchange({
      info,
      clock: engine.clock,
      engine,
      readPiece: async (piece) =>
        torrent.verified.has(piece) ? new Uint8Array(await torrent.readBlock(piece, 0, pieceSizeBytes(info, piece))) : undefined,
      plan: () => planner.plan,
      stored: chunks.hashesAtOpen,
      // Without them the film plays all the same; only the next start has to ask for them again.
      keep: (bytes) =>
        void chunks.saveHashes(bytes).catch((error: unknown) => engine.logger.warn('hashes were not kept', { reason: String(error) })),
    });
    this.#hashes = hashes;
    planner.onPlan(() => hashes.fill(), signal);
    this.#downloader = new Downloader({
      engine,
      limits,
      planner,
      verify: createPieceVerifier(info, engine, hashes),
      ...(isV2Only(info)
        ? { leaves: { hash: (bytes: Bytes) => leafHashes(engine, bytes), of: (piece: number) => hashes.leavesOf(piece) } }
        : {}),
      signal,
      pace: this.#options.rates.download,
      onDownloaded: (peer, bytes) => this.swarm.countDownload(peer, bytes),
      onWasted: (peer, bytes, isCorrupt) => this.swarm.countWaste(peer, bytes, isCorrupt),
    });
    if (!this.#running) this.#downloader.pause();
    planner.onVerified((piece, from) => {
      if (from === this.name) this.record.mark('first-piece');
      this.swarm.tellHave(piece);
    }, signal);
    planner.onGone((pieces) => this.swarm.tellDontHave(pieces), signal);
    // Once the picture is there, more is wanted than the first window: connections that pay then pay at once.
    planner.onPlan(() => this.swarm.steerLanes(), signal);
    this.swarm.learnTorrent(torrent);
  }

  configure(settings: EngineSettings, signaling: readonly SignalingClient[]): void {
    this.swarm.configure(settings, signaling);
  }

  tick(): void {
    this.#downloader?.tick();
    this.swarm.steerLanes();
    this.swarm.tick();
  }

  refreshPaths(): Promise<void> {
    return this.swarm.refreshPaths();
  }

  peers(nowMs: number): PeerSnapshot[] {
    return snapshotNativePeers(this.swarm, nowMs);
  }

  snapshot(nowMs: number): SourceSnapshot {
    return this.record.snapshot(nowMs, this.#running, this.peerCount);
  }
}
