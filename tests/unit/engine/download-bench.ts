import { createHash } from 'node:crypto';
import { Bitfield } from '@/src/base/bitfield';
import { silentLogger } from '@/src/base/logger';
import type { Bytes } from '@/src/base/bytes';
import { UNPACED } from '@/src/base/pace';
import type { EngineOptions } from '@/src/engine/engine-options';
import { Downloader } from '@/src/engine/downloader';
import { DEFAULT_LIMITS, type EngineLimits } from '@/src/engine/limits';
import type { Peer } from '@/src/engine/peer';
import { TorrentPlanner } from '@/src/engine/planner';
import type { BlockRange, ControlMessage } from '@/src/protocol/peer-messages';
import { pieceHash, type TorrentInfo } from '@/src/protocol/torrent-info';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { describeFilm, fakeFilm } from '@/tests/support/local-swarm';
import { ManualClock } from './manual-clock';
import { peerIdOf, RemoteEnd } from './remote-end';

export const UNIT = 16 * 1024;

/** One downloader, and remote ends the test plays by hand. Every piece is wanted from the start. */
export class DownloadBench {
  readonly clock = new ManualClock();
  readonly film: Bytes;
  readonly info: TorrentInfo;
  readonly verified: Bitfield;
  readonly planner: TorrentPlanner;
  readonly engine: EngineOptions;
  readonly downloader: Downloader;
  readonly kept = new Map<number, Bytes>();
  /** Bytes counted as wasted, by peer. */
  readonly wasted = new Map<Peer, number>();
  /** What becomes of a verified piece; the test may replace it. */
  keep: (piece: number, bytes: Bytes) => Promise<void> = async (piece, bytes) => {
    this.kept.set(piece, bytes);
  };
  readonly #life = new AbortController();
  #wake = Promise.withResolvers<void>();

  constructor({
    pieces = 4,
    unitsInPiece = 2,
    limits = {},
  }: { pieces?: number; unitsInPiece?: number; limits?: Partial<EngineLimits> } = {}) {
    this.film = fakeFilm(pieces * unitsInPiece * UNIT - 100);
    this.info = describeFilm(this.film, unitsInPiece * UNIT);
    this.verified = new Bitfield(this.info.pieceCount);
    this.planner = new TorrentPlanner({
      info: this.info,
      chunks: {
        verifiedAtOpen: this.verified,
        write: async (piece, bytes) => {
          try {
            await this.keep(piece, bytes);
          } finally {
            this.#woken();
          }
        },
      },
      clock: this.clock,
      limits: { silentAfterMs: 2000, deadAfterMs: 10_000, slowAfterMs: 5000 },
      signal: this.#life.signal,
      random: () => 0.99,
      onStoreError: () => undefined,
    });
    this.planner.onVerified(() => this.#woken(), this.#life.signal);
    this.engine = {
      store: createMemoryChunkStore(),
      createConnection: () => {
        throw new Error('nothing is dialed here');
      },
      createSignaling: () => {
        throw new Error('nothing is dialed here');
      },
      clock: this.clock,
      random: () => 0.99,
      randomBytes: (lengthBytes) => new Uint8Array(lengthBytes),
      sha1: async (bytes) => createHash('sha1').update(bytes).digest(),
      sha256: async (bytes) => createHash('sha256').update(bytes).digest(),
      logger: silentLogger,
    };
    this.downloader = new Downloader({
      engine: this.engine,
      limits: { ...DEFAULT_LIMITS, ...limits },
      planner: this.planner,
      verify: async (piece, bytes) => createHash('sha1').update(bytes).digest().equals(pieceHash(this.planner.info, piece)),
      signal: this.#life.signal,
      pace: UNPACED,
      onDownloaded: (peer, bytes) => peer.traffic.downloaded(bytes, this.clock.now()),
      onWasted: (peer, bytes) => {
        if (peer !== undefined) this.wasted.set(peer, (this.wasted.get(peer) ?? 0) + bytes);
        this.#woken();
      },
    });
    this.plan();
  }

  plan(urgent: readonly number[] = [], wanted = [{ first: 0, last: this.info.pieceCount - 1 }]): void {
    this.planner.setPlan({ urgent, wanted });
  }

  /** A linked peer that says what it has, wired as a swarm does it. */
  peer(byte: number, possession: ControlMessage = { type: 'have-all' }): RemoteEnd {
    const { downloader } = this;
    const remote = new RemoteEnd(
      peerIdOf(byte),
      {
        onPossession: (peer) => downloader.addPeer(peer),
        onHave: (peer, piece) => downloader.peerHas(peer, piece),
        onReject: (peer, range, lane) => downloader.reject(peer, range, lane),
        onBlock: (peer, block, lane) => downloader.receive(peer, block, lane),
        onLaneOpen: (peer, lane) => downloader.addLane(peer, lane),
        onLaneLost: (peer, lane) => downloader.removeLane(peer, lane),
        onChoking: (peer) => (peer.isChoking ? downloader.choked(peer) : downloader.unchoked(peer)),
        onGone: (peer) => {
          downloader.removePeer(peer);
          this.#woken();
        },
      },
      this.clock.now(),
    );
    remote.onReceived = () => this.#woken();
    return remote.start(this.info).hello(this.info.infoBytes.length).send(possession);
  }

  block({ piece, offsetBytes, lengthBytes }: BlockRange): Bytes {
    const start = piece * this.info.pieceLengthBytes + offsetBytes;
    return this.film.slice(start, start + lengthBytes);
  }

  /** Answers what a remote end was asked for, oldest first; corrupt blocks have a byte flipped. */
  serve(remote: RemoteEnd, ranges: readonly BlockRange[] = remote.takeRanges(), corrupt = false): void {
    for (const range of ranges) {
      const block = this.block(range);
      if (corrupt) block[0] = (block[0] ?? 0) ^ 255;
      remote.sendBlock(range, block);
    }
  }

  /** Serves all that is asked of these until every piece is verified. */
  async finish(...remotes: readonly RemoteEnd[]): Promise<void> {
    while (!this.verified.isFull) {
      for (const remote of remotes) this.serve(remote);
      if (!this.verified.isFull) await this.#wake.promise;
    }
  }

  /** Waits on hashing and storing. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.#wake.promise;
  }

  /** Resolves when bytes were thrown away, and whatever follows from it at once has happened. */
  async failed(): Promise<void> {
    await this.until(() => this.wasted.size > 0);
  }

  #woken(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}

export function asked(remote: RemoteEnd): string[] {
  return remote.takeRanges().map(named);
}

export function cancelled(remote: RemoteEnd): string[] {
  return remote.take('cancel').map(named);
}

/** "2+1": piece 2 from its unit 1 on. */
function named({ piece, offsetBytes }: BlockRange): string {
  return `${piece}+${offsetBytes / UNIT}`;
}
