import type { Bitfield } from '@/src/base/bitfield';
import type { Pace } from '@/src/base/pace';
import { MAX_BULK_FRAME_BYTES, type BlockRange } from '@/src/protocol/peer-messages';
import type { PushGrant } from '@/src/protocol/push-grant';
import type { ActiveTorrent } from './active-torrent';
import { Choker } from './choker';
import type { EngineOptions } from './engine-options';
import type { Lane } from './lane';
import type { EngineLimits } from './limits';
import type { MetadataExchange } from './metadata-exchange';
import type { Peer } from './peer';
import { blocksOfRun, planPush } from './push-plan';
import type { Traffic } from './traffic';
import { UploadQueue } from './upload-queue';

/** Where uploading is limited, so much of a second goes unasked. */
const PUSHED_S = 0.5;

export interface SwarmUploadsOptions {
  readonly engine: EngineOptions;
  readonly limits: EngineLimits;
  readonly metadata: MetadataExchange;
  readonly uploadPace: Pace;
  /** Where all bytes are counted, besides each peer. */
  readonly traffic: Traffic;
  torrent(): ActiveTorrent | undefined;
}

/** What the peers of one swarm are sent: who of them may ask, what each connection still owes, and what goes to newcomers unasked. */
export class SwarmUploads {
  readonly #options: SwarmUploadsOptions;
  readonly #queues = new Map<Lane, UploadQueue>();
  readonly #choker: Choker;
  readonly #frame = new Uint8Array(MAX_BULK_FRAME_BYTES);

  constructor(options: SwarmUploadsOptions) {
    this.#options = options;
    this.#choker = new Choker({
      clock: options.engine.clock,
      limitBytesPerSecond: () => options.uploadPace.bytesPerSecond,
      sentBytesPerSecond: (nowMs) => options.traffic.rates(nowMs).uploadBytesPerSecond,
      isFetching: () => options.torrent()?.isComplete === false,
      lacks: (peer) => lacksSomethingOf(options.torrent()?.verified, peer),
      isServing: ({ lanes }) => lanes.some((lane) => this.#queues.get(lane)?.isIdle === false),
      choke: (peer) => {
        peer.send({ type: 'choke' });
        for (const lane of peer.lanes) this.#queues.get(lane)?.choke(options.engine.clock.now());
      },
      unchoke: (peer) => peer.send({ type: 'unchoke' }),
    });
  }

  add(peer: Peer): void {
    this.#choker.add(peer);
    this.serve(peer, peer.first);
  }

  remove(peer: Peer): void {
    for (const lane of peer.lanes) this.end(lane);
    this.#choker.remove(peer);
  }

  isChoked(peer: Peer): boolean {
    return this.#choker.isChoked(peer);
  }

  tick(): void {
    this.#choker.tick();
  }

  /** What the peer asks for over this connection is answered over it (SPEC L5). */
  serve(peer: Peer, lane: Lane): void {
    const { engine, limits } = this.#options;
    this.#queues.set(
      lane,
      new UploadQueue({
        link: lane.link,
        maxRequests: lane === peer.first ? limits.requestQueue : Math.ceil(limits.requestQueue / 4),
        maxRejectsInARow: limits.rejectsInARow,
        highWaterBytes: limits.uploadHighWaterBytes,
        pace: this.#options.uploadPace,
        frame: this.#frame,
        peek: ({ piece, offsetBytes, lengthBytes }) => this.#options.torrent()?.peekBlock(piece, offsetBytes, lengthBytes),
        read: async ({ piece, offsetBytes, lengthBytes }) => {
          const torrent = this.#options.torrent();
          if (torrent === undefined) throw new RangeError('nothing to serve yet');
          return torrent.readBlock(piece, offsetBytes, lengthBytes);
        },
        prepare: (piece, askedBytes) => {
          const torrent = this.#options.torrent();
          return torrent !== undefined && askedBytes * 2 >= torrent.info.pieceLengthBytes && torrent.prepare(piece);
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

  end(lane: Lane): void {
    this.#queues.get(lane)?.close();
    this.#queues.delete(lane);
  }

  /** The channel takes more. */
  drain(lane: Lane): void {
    void this.#queues.get(lane)?.serve();
  }

  request(peer: Peer, range: BlockRange, lane: Lane): void {
    const queue = this.#queues.get(lane);
    const torrent = this.#options.torrent();
    if (!this.#choker.mayAsk(peer)) queue?.rejectChoked(range, this.#options.engine.clock.now());
    else if (torrent?.verified.has(range.piece) === true) queue?.add(range);
    else if (torrent?.evictedLately(range.piece) === true) queue?.refuse(range);
    else queue?.reject(range);
  }

  cancel(peer: Peer, range: BlockRange, lane: Lane): void {
    if (this.#queues.get(lane)?.cancel(range) !== true) peer.idle();
  }

  /** SPEC N2 */
  push(peer: Peer, torrent: ActiveTorrent, grant: PushGrant): void {
    // More would bind the newcomer's first seconds to a slow peer.
    const bytes = Math.min(grant.bytes, this.#options.uploadPace.bytesPerSecond * PUSHED_S);
    const run = planPush(torrent.info, torrent.verified, { ...grant, bytes });
    if (run === undefined || !this.#choker.mayAsk(peer)) return;
    peer.send({ type: 'push', ...run });
    this.#options.metadata.push(peer);
    for (const range of blocksOfRun(torrent.info, run) ?? []) this.#queues.get(peer.first)?.add(range);
  }
}

function lacksSomethingOf(verified: Bitfield | undefined, { has }: Peer): boolean {
  if (verified === undefined || has === undefined) return false;
  return verified.bytes.some((byte, index) => (byte & ~(has.bytes[index] ?? 0)) !== 0);
}
