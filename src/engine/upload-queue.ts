import type { Bytes } from '@/src/base/bytes';
import type { Pace } from '@/src/base/pace';
import { encodeBlock, encodeControl, type BlockRange } from '@/src/protocol/peer-messages';
import type { PeerLink } from '@/src/transport/peer-link';

export interface UploadQueueOptions {
  readonly link: PeerLink;
  readonly maxRequests: number;
  readonly maxRejectsInARow: number;
  readonly highWaterBytes: number;
  readonly pace: Pace;
  /** Room for a frame: each is put together there, and sent at once. */
  readonly frame: Bytes;
  /** A block that is in memory: a view of it. */
  peek(range: BlockRange): Uint8Array | undefined;
  /** Reads a block of a verified piece. */
  read(range: BlockRange): Promise<Uint8Array>;
  /** So many bytes of this piece come next. Returns false where that is not worth reading ahead. */
  prepare(piece: number, askedBytes: number): boolean;
  onUploaded(bytes: number): void;
  /** The peer asks for too much (SPEC B3). */
  onAbuse(): void;
}

interface WaitingBlock extends BlockRange {
  /** When it was asked for, others had not left yet (SPEC B7). */
  readonly waited: boolean;
}

/** SPEC C2. */
const CROSSING_MS = 10_000;

/** What one peer asked for, served in order while its channel takes it. */
export class UploadQueue {
  readonly #options: UploadQueueOptions;
  readonly #waiting: WaitingBlock[] = [];
  #rejectsInARow = 0;
  /** The piece that was read ahead last. */
  #prepared: number | undefined;
  #serving = false;
  #served = Promise.resolve();
  #closed = false;
  /** Requests that may have crossed a `choke`. */
  #crossing = { count: 0, untilMs: 0 };

  constructor(options: UploadQueueOptions) {
    this.#options = options;
  }

  add(range: BlockRange): void {
    if (this.#closed) return;
    if (this.#waiting.length >= this.#options.maxRequests) return this.reject(range);
    this.#rejectsInARow = 0;
    const { piece, offsetBytes, lengthBytes } = range;
    const waited = !this.isIdle || this.#options.link.bufferedBulkBytes > 0;
    this.#waiting.push({ piece, offsetBytes, lengthBytes, waited });
    void this.serve();
  }

  /** Answers a request for what was here a moment ago: the peer could not know. */
  refuse(range: BlockRange): void {
    this.#sendReject(range);
  }

  /** Answers a request that may not be made; many in a row are abuse. */
  reject(range: BlockRange): void {
    this.#sendReject(range);
    if (++this.#rejectsInARow >= this.#options.maxRejectsInARow) this.#options.onAbuse();
  }

  /** Returns whether it waited. */
  cancel(range: BlockRange): boolean {
    const index = this.#waiting.findIndex(
      ({ piece, offsetBytes, lengthBytes }) =>
        piece === range.piece && offsetBytes === range.offsetBytes && lengthBytes === range.lengthBytes,
    );
    return index >= 0 && this.#waiting.splice(index, 1).length > 0;
  }

  /** Nothing waits and nothing is being sent. */
  get isIdle(): boolean {
    return this.#waiting.length === 0 && !this.#serving;
  }

  /** SPEC C2: what waits is rejected; so is, by `rejectChoked`, what comes until the peer may ask again. */
  choke(nowMs: number): void {
    this.#crossing = { count: this.#options.maxRequests, untilMs: nowMs + CROSSING_MS };
    for (const range of this.#waiting.splice(0)) this.#sendReject(range);
  }

  rejectChoked(range: BlockRange, nowMs: number): void {
    if (nowMs >= this.#crossing.untilMs || this.#crossing.count <= 0) return this.reject(range);
    this.#crossing.count--;
    this.#sendReject(range);
  }

  /** The peer is gone: what waits is not read from the disk any more. */
  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
  }

  /** Goes on until nothing waits or the channel is full; called again when it has drained. */
  serve(): Promise<void> {
    if (!this.#serving) {
      this.#serving = true;
      this.#served = this.#serve();
    }
    return this.#served;
  }

  async #serve(): Promise<void> {
    const { link, highWaterBytes, pace } = this.#options;
    try {
      while (link.bufferedBulkBytes < highWaterBytes) {
        const range = this.#waiting.shift();
        if (range === undefined) break;
        if (pace.bytesPerSecond !== Number.POSITIVE_INFINITY) await pace.take(range.lengthBytes);
        this.#prepareAfter(range.piece);
        let block: Uint8Array;
        try {
          block = this.#options.peek(range) ?? (await this.#options.read(range));
        } catch {
          // The piece went away, or its file changed, since it was asked for: our doing, not the peer's.
          this.#sendReject(range);
          continue;
        }
        if (this.#closed) return;
        link.send('bulk', encodeBlock(range.piece, range.offsetBytes, block, range.waited, this.#options.frame));
        this.#options.onUploaded(block.length);
      }
    } finally {
      this.#serving = false;
    }
  }

  /** While this piece goes out, the next is read. */
  #prepareAfter(piece: number): void {
    const next = this.#waiting.find((range) => range.piece !== piece)?.piece;
    if (next === undefined || next === this.#prepared) return;
    const bytesAt = new Map(this.#waiting.filter((range) => range.piece === next).map((range) => [range.offsetBytes, range.lengthBytes]));
    const askedBytes = [...bytesAt.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (this.#options.prepare(next, askedBytes)) this.#prepared = next;
  }

  #sendReject(range: BlockRange): void {
    this.#options.link.send('control', encodeControl({ type: 'reject', ...range }));
  }
}
