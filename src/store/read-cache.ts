import type { Bitfield } from '@/src/base/bitfield';
import type { Bytes } from '@/src/base/bytes';
import type { InfoHash } from '@/src/protocol/ids';
import { pieceSizeBytes, type TorrentInfo } from '@/src/protocol/torrent-info';
import type { ChunkStore, StoredTorrent, TorrentChunks } from './chunk-store';
import { assertRun } from './torrent-geometry';

/** What is played next, and what other viewers ask for first, has just come: 16 MiB hold some seconds of it. */
export const CACHE_BYTES = 16 * 1024 * 1024;

/** Larger pieces are not read whole for the sake of one block. */
const READ_AHEAD_SHARE = 1 / 4;

/** Readers one after the other share half of the cache; where there are more, what is read ahead would go before it is used. */
export const READERS_SHARE = 1 / 2;

/**
 * Keeps the pieces that were written last, in the buffers that the store gives back, so that they are read without a way through the
 * disk's worker, and reads whole pieces for those who read one block after the other, as peers do.
 * @param cacheBytes of all torrents together; larger pieces are not kept
 */
export function withReadCache(store: ChunkStore, cacheBytes = CACHE_BYTES): ChunkStore {
  return new CachedChunkStore(store, cacheBytes);
}

class CachedChunkStore implements ChunkStore {
  readonly #store: ChunkStore;
  readonly #cache: PieceCache;

  constructor(store: ChunkStore, cacheBytes: number) {
    this.#store = store;
    this.#cache = new PieceCache(cacheBytes);
  }

  async open(info: TorrentInfo): Promise<TorrentChunks> {
    const chunks = await this.#store.open(info);
    return new CachedChunks(chunks, info, this.#cache);
  }

  loadInfo(infoHash: InfoHash): Promise<Bytes | undefined> {
    return this.#store.loadInfo(infoHash);
  }

  loadIndex(infoHash: InfoHash): Promise<Bytes | undefined> {
    return this.#store.loadIndex(infoHash);
  }

  saveIndex(infoHash: InfoHash, bytes: Bytes): Promise<void> {
    return this.#store.saveIndex(infoHash, bytes);
  }

  list(): Promise<readonly StoredTorrent[]> {
    return this.#store.list();
  }

  remove(infoHash: InfoHash): Promise<void> {
    return this.#store.remove(infoHash);
  }

  close(): Promise<void> {
    this.#cache.close();
    return this.#store.close();
  }
}

class CachedChunks implements TorrentChunks {
  readonly verifiedAtOpen: Bitfield;
  readonly hashesAtOpen: Bytes | undefined;
  readonly unproven: Bitfield;
  readonly piecesPerUnit: number;
  readonly isLent: boolean;
  readonly #chunks: TorrentChunks;
  readonly #info: TorrentInfo;
  readonly #cache: PieceCache;
  readonly #pieces = new Map<number, Bytes>();
  /** Pieces the store holds: it ignores what is written for them again. */
  readonly #held: Bitfield;
  /** Not let go of since the write began. */
  readonly #writing = new Set<number>();
  /** Where runs ended that were read last: who goes on there reads in order. The oldest comes first. */
  readonly #ends = new Set<number>();
  readonly #maxEnds: number;
  /** Whole pieces on their way from the store. */
  readonly #coming = new Map<number, Promise<Bytes>>();
  #isClosed = false;

  constructor(chunks: TorrentChunks, info: TorrentInfo, cache: PieceCache) {
    this.verifiedAtOpen = chunks.verifiedAtOpen;
    this.hashesAtOpen = chunks.hashesAtOpen;
    this.unproven = chunks.unproven;
    this.piecesPerUnit = chunks.piecesPerUnit;
    this.isLent = chunks.isLent === true;
    this.#held = chunks.verifiedAtOpen.clone();
    this.#chunks = chunks;
    this.#info = info;
    this.#cache = cache;
    const readsAhead = info.pieceLengthBytes <= cache.limitBytes * READ_AHEAD_SHARE;
    this.#maxEnds = readsAhead ? Math.floor((cache.limitBytes * READERS_SHARE) / info.pieceLengthBytes) : 0;
  }

  get keepsPieces(): boolean {
    return this.#maxEnds > 0;
  }

  async write(piece: number, bytes: Bytes): Promise<undefined> {
    this.#writing.add(piece);
    const written = await this.#chunks.write(piece, bytes);
    if (!this.#writing.delete(piece) || !this.#held.add(piece)) return undefined;
    if (written !== undefined && !this.#isClosed && this.#cache.hasRoomFor(written)) this.#cache.keep(this.#pieces, piece, written);
    return undefined;
  }

  async read(offsetBytes: number, lengthBytes: number): Promise<Bytes> {
    assertRun(this.#info, offsetBytes, lengthBytes);
    const goesOn = this.#notesReader(offsetBytes, lengthBytes);
    const cached = this.#cached(offsetBytes, lengthBytes);
    if (cached !== undefined) return cached;
    const sizeBytes = goesOn ? this.#sizeAround(offsetBytes, lengthBytes) : undefined;
    // A whole piece would be copied for nothing.
    if (sizeBytes === undefined || sizeBytes === lengthBytes) return await this.#chunks.read(offsetBytes, lengthBytes);
    return (await this.#viewOfWhole(offsetBytes, lengthBytes, sizeBytes)).slice();
  }

  async view(offsetBytes: number, lengthBytes: number): Promise<Bytes> {
    const kept = this.peek(offsetBytes, lengthBytes);
    if (kept !== undefined) return kept;
    const goesOn = this.#notesReader(offsetBytes, lengthBytes);
    const sizeBytes = this.#maxEnds === 0 ? undefined : this.#sizeAround(offsetBytes, lengthBytes);
    if (sizeBytes === undefined || (!goesOn && sizeBytes > lengthBytes)) return await this.#chunks.read(offsetBytes, lengthBytes);
    return await this.#viewOfWhole(offsetBytes, lengthBytes, sizeBytes);
  }

  peek(offsetBytes: number, lengthBytes: number): Bytes | undefined {
    assertRun(this.#info, offsetBytes, lengthBytes);
    const { pieceLengthBytes } = this.#info;
    const piece = Math.floor(offsetBytes / pieceLengthBytes);
    const start = offsetBytes - piece * pieceLengthBytes;
    const kept = this.#pieces.get(piece);
    if (kept === undefined || start + lengthBytes > kept.length) return undefined;
    this.#notesReader(offsetBytes, lengthBytes);
    return kept.subarray(start, start + lengthBytes);
  }

  saveHashes(bytes: Bytes): Promise<void> {
    return this.#chunks.saveHashes(bytes);
  }

  prove(piece: number): void {
    this.#chunks.prove(piece);
  }

  evict(pieces: readonly number[]): Promise<void> {
    for (const piece of pieces) {
      this.#writing.delete(piece);
      this.#coming.delete(piece);
      this.#held.delete(piece);
      this.#cache.drop(this.#pieces.get(piece));
    }
    return this.#chunks.evict(pieces);
  }

  commit(): Promise<void> {
    return this.#chunks.commit();
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#cache.forget(this.#pieces);
    return this.#chunks.close();
  }

  /** @returns whether the run begins where another ended */
  #notesReader(offsetBytes: number, lengthBytes: number): boolean {
    if (this.#maxEnds === 0) return false;
    const goesOn = this.#ends.delete(offsetBytes);
    this.#ends.add(offsetBytes + lengthBytes);
    for (const oldest of this.#ends) {
      if (this.#ends.size <= this.#maxEnds) break;
      this.#ends.delete(oldest);
    }
    return goesOn;
  }

  /** Of the piece that the run lies in; undefined where it is not here, or where there is more to the run. */
  #sizeAround(offsetBytes: number, lengthBytes: number): number | undefined {
    const { pieceLengthBytes } = this.#info;
    const piece = Math.floor(offsetBytes / pieceLengthBytes);
    const sizeBytes = this.#held.has(piece) ? pieceSizeBytes(this.#info, piece) : 0;
    return lengthBytes === 0 || (offsetBytes % pieceLengthBytes) + lengthBytes > sizeBytes ? undefined : sizeBytes;
  }

  async #viewOfWhole(offsetBytes: number, lengthBytes: number, sizeBytes: number): Promise<Bytes> {
    const piece = Math.floor(offsetBytes / this.#info.pieceLengthBytes);
    const start = offsetBytes % this.#info.pieceLengthBytes;
    const whole = await (this.#coming.get(piece) ?? this.#readWhole(piece, sizeBytes));
    return whole.subarray(start, start + lengthBytes);
  }

  #readWhole(piece: number, sizeBytes: number): Promise<Bytes> {
    const coming = this.#chunks.read(piece * this.#info.pieceLengthBytes, sizeBytes).then((bytes) => {
      // Not when it was let go of meanwhile.
      if (this.#coming.get(piece) === coming && !this.#isClosed && !this.#pieces.has(piece)) {
        this.#cache.keep(this.#pieces, piece, bytes);
      }
      return bytes;
    });
    this.#coming.set(piece, coming);
    const end = (): void => {
      if (this.#coming.get(piece) === coming) this.#coming.delete(piece);
    };
    coming.then(end, end);
    return coming;
  }

  /** The run, if all of it is here. */
  #cached(offsetBytes: number, lengthBytes: number): Bytes | undefined {
    if (lengthBytes === 0) return undefined;
    const { pieceLengthBytes } = this.#info;
    const first = Math.floor(offsetBytes / pieceLengthBytes);
    const last = Math.floor((offsetBytes + lengthBytes - 1) / pieceLengthBytes);
    for (let piece = first; piece <= last; piece++) {
      const kept = this.#pieces.get(piece);
      // After a shorter piece (the last of a file of version 2) the next does not begin where it ends.
      if (kept === undefined || (piece < last && kept.length < pieceLengthBytes)) return undefined;
    }
    const start = offsetBytes - first * pieceLengthBytes;
    if (first === last) return this.#pieces.get(first)?.slice(start, start + lengthBytes);
    const run = new Uint8Array(lengthBytes);
    for (let piece = first, at = 0; piece <= last; piece++) {
      const from = piece === first ? start : 0;
      const part = this.#pieces.get(piece)?.subarray(from, from + lengthBytes - at) ?? new Uint8Array();
      run.set(part, at);
      at += part.length;
    }
    return run;
  }
}

/** Bounds what all torrents keep together; the oldest goes first. */
class PieceCache {
  readonly limitBytes: number;
  readonly #kept = new Map<Bytes, { readonly pieces: Map<number, Bytes>; readonly piece: number }>();
  #bytes = 0;
  #isClosed = false;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  hasRoomFor(bytes: Bytes): boolean {
    return !this.#isClosed && bytes.length <= this.limitBytes;
  }

  keep(pieces: Map<number, Bytes>, piece: number, bytes: Bytes): void {
    if (this.#isClosed) return;
    pieces.set(piece, bytes);
    this.#kept.set(bytes, { pieces, piece });
    this.#bytes += bytes.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.limitBytes) return;
      this.drop(oldest);
    }
  }

  /** Nothing is kept any more. */
  close(): void {
    this.#isClosed = true;
    for (const bytes of this.#kept.keys()) this.drop(bytes);
  }

  forget(pieces: Map<number, Bytes>): void {
    for (const bytes of pieces.values()) this.drop(bytes);
  }

  drop(bytes: Bytes | undefined): void {
    const place = bytes === undefined ? undefined : this.#kept.get(bytes);
    if (bytes === undefined || place === undefined) return;
    this.#kept.delete(bytes);
    this.#bytes -= bytes.length;
    place.pieces.delete(place.piece);
  }
}
