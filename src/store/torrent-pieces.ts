import type { Bitfield } from '@/src/base/bitfield';
import type { Bytes } from '@/src/base/bytes';
import { StoreError, type TorrentChunks } from './chunk-store';
import { CommitSchedule, type CommitOptions } from './commit-schedule';
import type { TorrentMedium } from './store-medium';
import { assertPiece, assertRun, heldBytes, requireHeld, type TorrentGeometry } from './torrent-geometry';

/** One open torrent over a medium: knows which pieces are held, which of them are durable, and what is under way. */
export class TorrentPieces implements TorrentChunks {
  readonly verifiedAtOpen: Bitfield;
  readonly hashesAtOpen: Bytes | undefined;
  readonly #geometry: TorrentGeometry;
  readonly #medium: TorrentMedium;
  readonly #held: Bitfield;
  readonly #schedule: CommitSchedule;
  readonly #writing = new Map<number, Promise<void>>();
  readonly #reading = new Set<Promise<Bytes>>();
  #durableCount: number;
  #savingHashes: Promise<void> = Promise.resolve();
  #failure: StoreError | undefined;
  #closing: Promise<void> | undefined;

  constructor(geometry: TorrentGeometry, medium: TorrentMedium, options: CommitOptions) {
    this.#geometry = geometry;
    this.#medium = medium;
    this.#held = medium.verified.clone();
    this.verifiedAtOpen = medium.verified.clone();
    this.hashesAtOpen = medium.hashes;
    this.#durableCount = this.#held.count;
    this.#schedule = new CommitSchedule(() => this.#commitHeld(), options);
  }

  get storedBytes(): number {
    return heldBytes(this.#geometry, this.#held);
  }

  async write(piece: number, bytes: Bytes): Promise<void> {
    this.#assertUsable();
    assertPiece(this.#geometry, piece, bytes);
    if (this.#held.has(piece)) return;
    let writing = this.#writing.get(piece);
    if (writing === undefined) {
      writing = this.#writeNew(piece, bytes).finally(() => this.#writing.delete(piece));
      this.#writing.set(piece, writing);
    }
    await writing;
  }

  async saveHashes(bytes: Bytes): Promise<void> {
    this.#assertUsable();
    const saving = this.#savingHashes.then(() => this.#medium.saveHashes(bytes));
    this.#savingHashes = saving.catch(() => undefined);
    await saving;
  }

  async read(offsetBytes: number, lengthBytes: number): Promise<Bytes> {
    this.#assertOpen();
    assertRun(this.#geometry, offsetBytes, lengthBytes);
    requireHeld(this.#geometry, this.#held, offsetBytes, lengthBytes);
    const reading = this.#medium.read(offsetBytes, lengthBytes);
    this.#reading.add(reading);
    return await reading.finally(() => this.#reading.delete(reading));
  }

  async commit(): Promise<void> {
    this.#assertUsable();
    await this.#schedule.commitNow();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #writeNew(piece: number, bytes: Bytes): Promise<void> {
    // A medium may take the buffer over, so its length is read before.
    const sizeBytes = bytes.length;
    await this.#medium.write(piece * this.#geometry.pieceLengthBytes, bytes);
    this.#held.add(piece);
    this.#schedule.wrote(sizeBytes);
  }

  async #commitHeld(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#held.count === this.#durableCount) return;
    const held = this.#held.clone();
    try {
      await this.#medium.flush();
      await this.#medium.saveVerified(held);
    } catch (error) {
      // After a failed flush a system may drop the data and call the next flush a success, so nothing is marked durable any more.
      if (!(error instanceof StoreError && error.code === 'full')) this.#failure = asStoreError(error);
      throw error;
    }
    this.#durableCount = held.count;
  }

  async #close(): Promise<void> {
    await Promise.allSettled([...this.#writing.values(), ...this.#reading, this.#savingHashes]);
    try {
      await this.#schedule.commitNow();
    } finally {
      this.#schedule.stop();
      await this.#medium.close();
    }
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new StoreError('closed', 'This torrent was closed; open it again.');
  }

  #assertUsable(): void {
    this.#assertOpen();
    if (this.#failure !== undefined) throw this.#failure;
  }
}

function asStoreError(error: unknown): StoreError {
  return error instanceof StoreError
    ? error
    : new StoreError('io', 'Writing to the disk failed; check it and start again.', { cause: error });
}
