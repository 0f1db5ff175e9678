import { Bitfield } from '@/src/base/bitfield';
import type { Bytes } from '@/src/base/bytes';
import type { TorrentChunks } from './chunk-store';
import type { TorrentGeometry } from './torrent-geometry';

/** Of pieces that come while the store still opens the torrent; what comes beyond waits for it. */
export const MAX_KEPT_BYTES = 2 * 1024 * 1024;

/**
 * A torrent of which nothing is stored, usable while the store still opens it, which takes a browser as long as all that comes before the first
 * piece: pieces that come meanwhile are kept in memory, can be read there, and go to the store once it is open.
 */
export class FreshChunks implements TorrentChunks {
  readonly verifiedAtOpen: Bitfield;
  readonly hashesAtOpen = undefined;
  readonly unproven: Bitfield;
  readonly #geometry: TorrentGeometry;
  readonly #opening: Promise<TorrentChunks>;
  readonly #kept = new Map<number, Bytes>();
  #keptBytes = 0;
  #opened: TorrentChunks | undefined;
  #passing: Promise<void> | undefined;

  constructor(opening: Promise<TorrentChunks>, geometry: TorrentGeometry) {
    this.#geometry = geometry;
    this.#opening = opening;
    this.verifiedAtOpen = new Bitfield(geometry.pieceCount);
    this.unproven = new Bitfield(geometry.pieceCount);
    const learn = (opened: TorrentChunks): void => {
      this.#opened = opened;
      // A failure is met again by whoever writes next: nothing is lost meanwhile.
      this.#passOn(opened).catch(() => undefined);
    };
    opening.then(learn, () => undefined);
  }

  /** Before it is open nothing is held, and all units are alike. */
  get piecesPerUnit(): number {
    return this.#opened?.piecesPerUnit ?? 1;
  }

  get keepsPieces(): boolean {
    return this.#opened?.keepsPieces === true;
  }

  async write(piece: number, bytes: Bytes): Promise<Bytes | undefined> {
    if (this.#opened === undefined && this.#keptBytes + bytes.length <= MAX_KEPT_BYTES) {
      this.#keep(piece, bytes);
      return undefined;
    }
    const opened = await this.#opening;
    // It goes after them by itself, unless they could not be passed on before.
    if (this.#passing === undefined) await this.#passOn(opened);
    return await opened.write(piece, bytes);
  }

  async read(offsetBytes: number, lengthBytes: number): Promise<Bytes> {
    if (this.#touchesKept(offsetBytes, lengthBytes)) return await this.#readMixed(offsetBytes, lengthBytes);
    return await (await this.#opening).read(offsetBytes, lengthBytes);
  }

  async view(offsetBytes: number, lengthBytes: number): Promise<Bytes> {
    const kept = this.#viewKept(offsetBytes, lengthBytes);
    if (kept !== undefined) return kept;
    if (this.#touchesKept(offsetBytes, lengthBytes)) return await this.#readMixed(offsetBytes, lengthBytes);
    const opened = await this.#opening;
    return opened.view?.(offsetBytes, lengthBytes) ?? opened.read(offsetBytes, lengthBytes);
  }

  peek(offsetBytes: number, lengthBytes: number): Bytes | undefined {
    return this.#viewKept(offsetBytes, lengthBytes) ?? this.#opened?.peek?.(offsetBytes, lengthBytes);
  }

  async saveHashes(bytes: Bytes): Promise<void> {
    await (await this.#opening).saveHashes(bytes);
  }

  prove(): void {
    // Nothing that is written by this store itself has to be.
  }

  async evict(pieces: readonly number[]): Promise<void> {
    for (const piece of pieces) this.#letGo(piece);
    const opened = await this.#opening;
    // One of them may be on its way there.
    await this.#passing?.catch(() => undefined);
    await opened.evict(pieces);
  }

  async commit(): Promise<void> {
    const opened = await this.#opening;
    await this.#passOn(opened);
    await opened.commit();
  }

  async close(): Promise<void> {
    const opened = await this.#opening;
    await this.#passOn(opened).catch(() => undefined);
    await opened.close();
  }

  #keep(piece: number, bytes: Bytes): void {
    if (this.#kept.has(piece)) return;
    this.#kept.set(piece, bytes);
    this.#keptBytes += bytes.length;
  }

  #letGo(piece: number): void {
    this.#keptBytes -= this.#kept.get(piece)?.length ?? 0;
    this.#kept.delete(piece);
  }

  /** Gives the store what was kept. @throws {StoreError} as `write`; what it did not take is kept on */
  #passOn(opened: TorrentChunks): Promise<void> {
    if (this.#kept.size === 0) return Promise.resolve();
    this.#passing ??= this.#pass(opened).finally(() => {
      this.#passing = undefined;
    });
    return this.#passing;
  }

  async #pass(opened: TorrentChunks): Promise<void> {
    const passed = Array.from(this.#kept, async ([piece, bytes]) => {
      // A copy, which is given away: until it can be read there it is read here.
      await opened.write(piece, bytes.slice());
      this.#letGo(piece);
    });
    await Promise.all(passed);
  }

  #touchesKept(offsetBytes: number, lengthBytes: number): boolean {
    if (this.#kept.size === 0) return false;
    const { pieceLengthBytes } = this.#geometry;
    const last = Math.floor((offsetBytes + Math.max(1, lengthBytes) - 1) / pieceLengthBytes);
    for (let piece = Math.floor(offsetBytes / pieceLengthBytes); piece <= last; piece++) if (this.#kept.has(piece)) return true;
    return false;
  }

  /** A run within one piece that is kept. */
  #viewKept(offsetBytes: number, lengthBytes: number): Bytes | undefined {
    const { pieceLengthBytes } = this.#geometry;
    const kept = this.#kept.get(Math.floor(offsetBytes / pieceLengthBytes));
    const start = offsetBytes % pieceLengthBytes;
    return kept === undefined || start + lengthBytes > kept.length ? undefined : kept.subarray(start, start + lengthBytes);
  }

  /** Of pieces some of which are kept: each from where it is. */
  async #readMixed(offsetBytes: number, lengthBytes: number): Promise<Bytes> {
    const { pieceLengthBytes } = this.#geometry;
    const run = new Uint8Array(lengthBytes);
    for (let at = 0; at < lengthBytes;) {
      const partBytes = Math.min(lengthBytes - at, pieceLengthBytes - ((offsetBytes + at) % pieceLengthBytes));
      const part = this.#viewKept(offsetBytes + at, partBytes) ?? (await (await this.#opening).read(offsetBytes + at, partBytes));
      run.set(part, at);
      at += partBytes;
    }
    return run;
  }
}
