import { Bitfield } from '@/src/base/bitfield';
import type { Bytes } from '@/src/base/bytes';
import type { TorrentChunks } from './chunk-store';

/** A torrent of which nothing is stored, usable while the store still opens it: its first pieces can be asked for meanwhile. */
export class FreshChunks implements TorrentChunks {
  readonly verifiedAtOpen: Bitfield;
  readonly hashesAtOpen = undefined;
  readonly unproven: Bitfield;
  readonly #opening: Promise<TorrentChunks>;
  #opened: TorrentChunks | undefined;

  constructor(opening: Promise<TorrentChunks>, pieceCount: number) {
    this.#opening = opening;
    this.verifiedAtOpen = new Bitfield(pieceCount);
    this.unproven = new Bitfield(pieceCount);
    const learn = (opened: TorrentChunks): void => {
      this.#opened = opened;
    };
    // A failure is met again by whoever writes.
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
    return await (await this.#opening).write(piece, bytes);
  }

  async read(offsetBytes: number, lengthBytes: number): Promise<Bytes> {
    return (await this.#opening).read(offsetBytes, lengthBytes);
  }

  async view(offsetBytes: number, lengthBytes: number): Promise<Bytes> {
    const opened = await this.#opening;
    return opened.view?.(offsetBytes, lengthBytes) ?? opened.read(offsetBytes, lengthBytes);
  }

  peek(offsetBytes: number, lengthBytes: number): Bytes | undefined {
    return this.#opened?.peek?.(offsetBytes, lengthBytes);
  }

  async saveHashes(bytes: Bytes): Promise<void> {
    await (await this.#opening).saveHashes(bytes);
  }

  prove(): void {
    // Nothing that is written by this store itself has to be.
  }

  async evict(pieces: readonly number[]): Promise<void> {
    await (await this.#opening).evict(pieces);
  }

  async commit(): Promise<void> {
    await (await this.#opening).commit();
  }

  async close(): Promise<void> {
    await (await this.#opening).close();
  }
}
