import type { Bitfield } from '@/src/base/bitfield';
import type { Bytes } from '@/src/base/bytes';
import type { StoredSnapshot } from '@/src/protocol/engine-api';
import { pieceSizeBytes, type TorrentInfo } from '@/src/protocol/torrent-info';
import type { StoredPiece, StoredUnit } from '@/src/scheduler/eviction-policy';
import { StoreError, type TorrentChunks } from '@/src/store/chunk-store';
import { FreshChunks } from '@/src/store/fresh-chunks';
import { heldBytes, roomBytes, unitRoomBytes } from '@/src/store/torrent-geometry';
import type { EngineOptions } from './engine-options';
import { FilmIndex } from './film-index';
import type { PieceVerifier } from './piece-verifier';
import { createStoredPieceVerifier } from './stored-piece-verifier';

export interface StoredFilmOptions {
  readonly engine: EngineOptions;
  readonly info: TorrentInfo;
  /** Makes room before a piece is written; what is returned is called once it is, or could not be. */
  makeRoom(bytes: number): Promise<() => void>;
}

/**
 * One open film in the store: keeps to the quota when it writes, verifies what a crash left before it is read, and remembers when pieces
 * were used.
 */
export class StoredFilm {
  readonly info: TorrentInfo;
  readonly index: FilmIndex;
  /** The pieces that are here; whoever lets go of one says so by `evict`. */
  readonly verifiedAtOpen: Bitfield;
  /** Says what each piece is needed for; nothing while nobody watches. */
  needOf: (piece: number) => StoredPiece['need'] = () => 'none';
  /** Files that are lent are not what they were. */
  onChanged: (error: StoreError) => void = () => undefined;
  /** Pieces go, and are missing from now on: for others' sake, or because they were spoilt. */
  onGone: (pieces: readonly number[], why: 'evicted' | 'spoilt') => void = () => undefined;
  readonly #options: StoredFilmOptions;
  readonly #chunks: TorrentChunks;
  readonly #verify: PieceVerifier;
  readonly #proving = new Map<number, Promise<void>>();
  /** As the store has it; what is verified follows a moment later. */
  readonly #held: Bitfield;
  /** By units of `#countedPiecesPerUnit`, which the store says once it has opened the film. */
  #roomBytes: number;
  #countedPiecesPerUnit: number;
  #storedBytes: number;
  #closing: Promise<void> | undefined;

  private constructor(options: StoredFilmOptions, chunks: TorrentChunks, index: FilmIndex) {
    this.info = options.info;
    this.index = index;
    this.verifiedAtOpen = chunks.verifiedAtOpen;
    this.#options = options;
    this.#chunks = chunks;
    this.#verify = createStoredPieceVerifier(options.info, options.engine, chunks.hashesAtOpen);
    this.#held = chunks.verifiedAtOpen.clone();
    this.#countedPiecesPerUnit = chunks.piecesPerUnit;
    this.#roomBytes = chunks.isLent === true ? 0 : roomBytes(options.info, this.#held, chunks.piecesPerUnit);
    this.#storedBytes = chunks.isLent === true ? 0 : heldBytes(options.info, this.#held);
  }

  /** @throws {StoreError} as `ChunkStore.open` */
  static async open(options: StoredFilmOptions): Promise<StoredFilm> {
    const { engine, info } = options;
    const chunks = await engine.store.open(info);
    const bytes = await engine.store.loadIndex(info.infoHash).catch(() => undefined);
    return new StoredFilm(options, chunks, FilmIndex.decode(bytes, info.pieceCount, engine.clock.now()));
  }

  /** One of which nothing is stored: it can be used while the store still opens it. Writing to it fails as the opening did. */
  static openFresh(options: StoredFilmOptions, opening: Promise<TorrentChunks>): StoredFilm {
    const { engine, info } = options;
    const index = FilmIndex.decode(undefined, info.pieceCount, engine.clock.now());
    return new StoredFilm(options, new FreshChunks(opening, info), index);
  }

  /** As `TorrentChunks.hashesAtOpen`. */
  get hashesAtOpen(): Bytes | undefined {
    return this.#chunks.hashesAtOpen;
  }

  get snapshot(): StoredSnapshot {
    return { roomBytes: this.roomBytes, watchedAtMs: this.index.watchedAtMs };
  }

  /** What its pieces take of the medium. */
  get roomBytes(): number {
    if (this.#chunks.piecesPerUnit !== this.#countedPiecesPerUnit) this.#countRoom();
    return this.#roomBytes;
  }

  /** Size of its pieces that are here; none of it where they are lent. */
  get storedBytes(): number {
    return this.#storedBytes;
  }

  /** As `TorrentChunks.write`, within the quota. */
  async write(piece: number, bytes: Bytes): Promise<void> {
    const sizeBytes = bytes.length;
    const wrote = await this.#options.makeRoom(sizeBytes);
    try {
      await this.#chunks.write(piece, bytes);
      this.index.came(piece, this.#options.engine.clock.now());
      const before = this.#unitRoom(piece);
      const roomBefore = this.roomBytes;
      if (this.#held.add(piece)) {
        this.#roomBytes = roomBefore + this.#unitRoom(piece) - before;
        this.#storedBytes += sizeBytes;
      }
    } finally {
      wrote();
    }
  }

  /** As `TorrentChunks.read`: what a crash left is verified first, and missing when it is not what it was. */
  read(offsetBytes: number, lengthBytes: number): Promise<Bytes> {
    return this.#readProven(offsetBytes, lengthBytes, () => this.#chunks.read(offsetBytes, lengthBytes));
  }

  /** As `read`: a view, not to be changed nor given away. */
  view(offsetBytes: number, lengthBytes: number): Promise<Bytes> {
    return this.#readProven(offsetBytes, lengthBytes, () => this.#view(offsetBytes, lengthBytes));
  }

  /** As `TorrentChunks.keepsPieces`. */
  get keepsPieces(): boolean {
    return this.#chunks.keepsPieces === true;
  }

  /** As `TorrentChunks.peek`: what a crash left has to be verified first. */
  peek(offsetBytes: number, lengthBytes: number): Bytes | undefined {
    if (this.#chunks.unproven.has(Math.floor(offsetBytes / this.info.pieceLengthBytes))) return undefined;
    return this.#chunks.peek?.(offsetBytes, lengthBytes);
  }

  /** As `TorrentChunks.saveHashes`. */
  saveHashes(bytes: Bytes): Promise<void> {
    return this.#chunks.saveHashes(bytes);
  }

  watched(piece: number): void {
    this.index.watched(piece, this.#options.engine.clock.now());
  }

  async evict(pieces: readonly number[], why: 'evicted' | 'spoilt' = 'evicted'): Promise<void> {
    for (const piece of pieces) {
      this.verifiedAtOpen.delete(piece);
      this.#held.delete(piece);
      this.#chunks.unproven.delete(piece);
    }
    this.#countRoom();
    this.#storedBytes = heldBytes(this.info, this.#held);
    const evicting = this.#chunks.evict(pieces);
    this.onGone(pieces, why);
    await evicting;
  }

  /** Its pieces as the eviction policy wants them. */
  *units(): Generator<StoredUnit> {
    if (this.#chunks.isLent === true) return;
    const { pieceCount, pieceLengthBytes, infoHash } = this.info;
    const { piecesPerUnit } = this.#chunks;
    for (let first = 0; first < pieceCount; first += piecesPerUnit) {
      const pieces: StoredPiece[] = [];
      let roomEndBytes = first * pieceLengthBytes;
      for (let piece = first; piece < Math.min(first + piecesPerUnit, pieceCount); piece++) {
        if (!this.#held.has(piece)) continue;
        const endBytes = piece * pieceLengthBytes + pieceSizeBytes(this.info, piece);
        const usedAtMinutes = this.index.usedAtMinutes(piece);
        // Between being stored and being told of it may not go.
        const need = this.verifiedAtOpen.has(piece) ? this.needOf(piece) : 'urgent';
        pieces.push({ piece, need, usedAtMinutes, freesBytes: endBytes - roomEndBytes });
        roomEndBytes = endBytes;
      }
      if (pieces.length > 0) yield { film: infoHash, pieces };
    }
  }

  async saveIndex(): Promise<void> {
    if (!this.index.takeChanged()) return;
    try {
      await this.#options.engine.store.saveIndex(this.info.infoHash, this.index.encode());
    } catch (error) {
      this.#options.engine.logger.warn('what was watched could not be noted', { reason: String(error) });
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.saveIndex().then(() => this.#chunks.close());
    return this.#closing;
  }

  async #readProven(offsetBytes: number, lengthBytes: number, read: () => Promise<Bytes>): Promise<Bytes> {
    if (this.#chunks.unproven.count > 0 && lengthBytes > 0) {
      const { pieceLengthBytes } = this.info;
      const last = Math.floor((offsetBytes + lengthBytes - 1) / pieceLengthBytes);
      for (let piece = Math.floor(offsetBytes / pieceLengthBytes); piece <= last; piece++) await this.#prove(piece);
    }
    try {
      return await read();
    } catch (error) {
      if (error instanceof StoreError && error.code === 'changed') this.onChanged(error);
      throw error;
    }
  }

  #view(offsetBytes: number, lengthBytes: number): Promise<Bytes> {
    return this.#chunks.view?.(offsetBytes, lengthBytes) ?? this.#chunks.read(offsetBytes, lengthBytes);
  }

  async #prove(piece: number): Promise<void> {
    if (!this.#chunks.unproven.has(piece)) return;
    const proving = this.#proving.get(piece) ?? this.#readAndHash(piece).finally(() => this.#proving.delete(piece));
    this.#proving.set(piece, proving);
    await proving;
  }

  async #readAndHash(piece: number): Promise<void> {
    const { engine } = this.#options;
    let isWhole = false;
    try {
      const bytes = await this.#view(piece * this.info.pieceLengthBytes, pieceSizeBytes(this.info, piece));
      isWhole = await this.#verify(piece, bytes);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'closed') throw error;
    }
    if (!this.#chunks.unproven.delete(piece)) return;
    if (isWhole) return this.#chunks.prove(piece);
    engine.logger.warn('a stored piece did not survive', { piece });
    await this.evict([piece], 'spoilt');
  }

  #countRoom(): void {
    this.#countedPiecesPerUnit = this.#chunks.piecesPerUnit;
    this.#roomBytes = roomBytes(this.info, this.#held, this.#countedPiecesPerUnit);
  }

  #unitRoom(piece: number): number {
    const { piecesPerUnit } = this.#chunks;
    return unitRoomBytes(this.info, this.#held, piecesPerUnit, piece - (piece % piecesPerUnit));
  }
}
