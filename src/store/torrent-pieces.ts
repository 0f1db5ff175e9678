import { Bitfield } from '@/src/base/bitfield';
import type { Bytes } from '@/src/base/bytes';
import { StoreError, type TorrentChunks } from './chunk-store';
import { CommitSchedule, type CommitOptions } from './commit-schedule';
import type { StoredSize, TorrentMedium } from './store-medium';
import { assertPiece, assertRun, heldBytes, requireHeld, roomBytes, type TorrentGeometry } from './torrent-geometry';

/** One open torrent over a medium: knows which pieces are held, which of them are durable, and what is under way. */
export class TorrentPieces implements TorrentChunks {
  readonly verifiedAtOpen: Bitfield;
  readonly unproven: Bitfield;
  readonly piecesPerUnit: number;
  readonly hashesAtOpen: Bytes | undefined;
  readonly isLent: boolean;
  readonly #geometry: TorrentGeometry;
  readonly #medium: TorrentMedium;
  readonly #held: Bitfield;
  /** What the medium vouches for by now. */
  readonly #durable: Bitfield;
  readonly #proven: Bitfield;
  /** Left by a store that was never closed, and not verified again yet. */
  readonly #suspect: Bitfield;
  readonly #schedule: CommitSchedule;
  readonly #writing = new Map<number, Promise<void>>();
  /** Reads and writes that the medium is busy with. */
  readonly #busy = new Set<Promise<unknown>>();
  #freeing: Promise<void> | undefined;
  /** The medium's marks do not say all there is to say. */
  #unmarked = false;
  #savingHashes: Promise<void> = Promise.resolve();
  #failure: StoreError | undefined;
  #closing: Promise<void> | undefined;

  constructor(geometry: TorrentGeometry, medium: TorrentMedium, options: CommitOptions) {
    const { verified, proven } = medium.durable;
    this.#geometry = geometry;
    this.#medium = medium;
    this.#held = verified.clone();
    this.#durable = verified.clone();
    this.#proven = proven.clone();
    this.verifiedAtOpen = verified.clone();
    this.unproven = without(verified, proven);
    this.#suspect = this.unproven.clone();
    this.piecesPerUnit = medium.piecesPerUnit;
    this.hashesAtOpen = medium.hashes;
    this.isLent = medium.isLent === true;
    this.#schedule = new CommitSchedule(() => this.#commitHeld(), options);
  }

  get size(): StoredSize {
    return {
      storedBytes: heldBytes(this.#geometry, this.#held),
      roomBytes: this.isLent ? 0 : roomBytes(this.#geometry, this.#held, this.piecesPerUnit),
    };
  }

  async write(piece: number, bytes: Bytes): Promise<undefined> {
    this.#assertUsable();
    assertPiece(this.#geometry, piece, bytes);
    if (this.#held.has(piece)) return undefined;
    let writing = this.#writing.get(piece);
    if (writing === undefined) {
      writing = this.#writeNew(piece, bytes).finally(() => this.#writing.delete(piece));
      this.#writing.set(piece, writing);
    }
    await writing;
    return undefined;
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
    return await this.#whileBusy(this.#medium.read(offsetBytes, lengthBytes));
  }

  prove(piece: number): void {
    if (!this.#suspect.delete(piece)) return;
    this.#proven.add(piece);
    this.#unmarked = true;
  }

  async evict(pieces: readonly number[]): Promise<void> {
    this.#assertUsable();
    const gone = pieces.filter((piece) => this.#held.delete(piece));
    if (gone.length === 0) return;
    for (const piece of gone) {
      this.#durable.delete(piece);
      this.#proven.delete(piece);
      this.#suspect.delete(piece);
    }
    const freeing = this.#schedule.inTurn(() => this.#free());
    this.#freeing = freeing;
    try {
      await freeing;
    } finally {
      if (this.#freeing === freeing) this.#freeing = undefined;
    }
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
    // The file it belongs to may be about to be cut or removed.
    while (this.#freeing !== undefined) await this.#freeing.catch(() => undefined);
    // A medium may take the buffer over, so its length is read before.
    const sizeBytes = bytes.length;
    // Held before it stops being busy: else what it was written to might be cut off in between.
    await this.#whileBusy(this.#writeAndHold(piece, bytes));
    this.#schedule.wrote(sizeBytes);
  }

  async #writeAndHold(piece: number, bytes: Bytes): Promise<void> {
    await this.#medium.write(piece * this.#geometry.pieceLengthBytes, bytes);
    this.#held.add(piece);
    this.#unmarked = true;
  }

  async #whileBusy<Result>(work: Promise<Result>): Promise<Result> {
    this.#busy.add(work);
    return await work.finally(() => this.#busy.delete(work));
  }

  /** No writes begin while this runs; those under way, and reads that may still want what goes, end first. */
  async #free(): Promise<void> {
    await Promise.allSettled(this.#busy);
    if (this.#failure !== undefined) throw this.#failure;
    await this.#medium.free({ verified: this.#durable.clone(), proven: this.#proven.clone() }, this.#held.clone());
  }

  async #commitHeld(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#unmarked) return;
    this.#unmarked = false;
    const held = this.#held.clone();
    try {
      await this.#medium.flush();
      // Evicted meanwhile: its room may be given back right after this.
      const verified = both(held, this.#held);
      await this.#medium.saveVerified({ verified, proven: both(this.#proven, verified) });
      for (const piece of members(verified)) if (this.#held.has(piece)) this.#durable.add(piece);
    } catch (error) {
      this.#unmarked = true;
      // After a failed flush a system may drop the data and call the next flush a success, so nothing is marked durable any more.
      if (!(error instanceof StoreError && error.code === 'full')) this.#failure = asStoreError(error);
      throw error;
    }
  }

  async #close(): Promise<void> {
    await Promise.allSettled([...this.#writing.values(), ...this.#busy, this.#savingHashes]);
    try {
      await this.#schedule.commitNow();
      await this.#trustOwnWrites();
    } finally {
      this.#schedule.stop();
      await this.#medium.close();
    }
  }

  /** Closed in order: what was written since the opening is as good as what was proven. */
  async #trustOwnWrites(): Promise<void> {
    const trusted = without(this.#durable, this.#suspect);
    if (trusted.count > this.#proven.count) await this.#medium.saveVerified({ verified: this.#durable.clone(), proven: trusted });
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

function* members(field: Bitfield): Generator<number> {
  for (let index = 0; index < field.length; index++) if (field.has(index)) yield index;
}

function without(field: Bitfield, other: Bitfield): Bitfield {
  const rest = field.clone();
  for (const index of members(other)) rest.delete(index);
  return rest;
}

function both(field: Bitfield, other: Bitfield): Bitfield {
  const common = new Bitfield(field.length);
  for (const index of members(field)) if (other.has(index)) common.add(index);
  return common;
}
