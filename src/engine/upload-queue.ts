import { encodeBlock, encodeControl, type BlockRange } from '@/src/protocol/peer-messages';
import type { PeerLink } from '@/src/transport/peer-link';
import type { RateLimit } from './rate-limit';

export interface UploadQueueOptions {
  readonly link: PeerLink;
  readonly maxRequests: number;
  readonly maxRejectsInARow: number;
  readonly highWaterBytes: number;
  readonly rate: RateLimit;
  /** Reads a block of a verified piece. */
  read(range: BlockRange): Promise<Uint8Array>;
  onUploaded(bytes: number): void;
  /** The peer asks for too much (SPEC B3). */
  onAbuse(): void;
}

/** What one peer asked for, served in order while its channel takes it. */
export class UploadQueue {
  readonly #options: UploadQueueOptions;
  readonly #waiting: BlockRange[] = [];
  #rejectsInARow = 0;
  #serving = false;

  constructor(options: UploadQueueOptions) {
    this.#options = options;
  }

  add(range: BlockRange): void {
    if (this.#waiting.length >= this.#options.maxRequests) return this.reject(range);
    this.#rejectsInARow = 0;
    this.#waiting.push(range);
    void this.serve();
  }

  reject(range: BlockRange): void {
    this.#options.link.send('control', encodeControl({ type: 'reject', ...range }));
    if (++this.#rejectsInARow >= this.#options.maxRejectsInARow) this.#options.onAbuse();
  }

  rejectAll(): void {
    for (const range of this.#waiting.splice(0)) this.#options.link.send('control', encodeControl({ type: 'reject', ...range }));
  }

  cancel(range: BlockRange): void {
    const index = this.#waiting.findIndex(
      ({ piece, offsetBytes, lengthBytes }) =>
        piece === range.piece && offsetBytes === range.offsetBytes && lengthBytes === range.lengthBytes,
    );
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  /** Goes on until nothing waits or the channel is full; called again when it has drained. */
  async serve(): Promise<void> {
    if (this.#serving) return;
    this.#serving = true;
    try {
      while (this.#options.link.bufferedBulkBytes < this.#options.highWaterBytes) {
        const range = this.#waiting.shift();
        if (range === undefined) break;
        let block: Uint8Array | undefined;
        try {
          block = await this.#options.read(range);
        } catch {
          // The piece went away, or its file changed, since it was asked for.
          this.reject(range);
          continue;
        }
        await this.#options.rate.take(block.length);
        this.#options.link.send('bulk', encodeBlock(range.piece, range.offsetBytes, block));
        this.#options.onUploaded(block.length);
      }
    } finally {
      this.#serving = false;
    }
  }
}
