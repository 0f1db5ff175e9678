import { Bitfield } from '@/src/base/bitfield';
import type { Bytes } from '@/src/base/bytes';
import type { TorrentChunks } from './chunk-store';

/** A torrent of which nothing is stored, usable while the store still opens it: its first pieces can be asked for meanwhile. */
export class FreshChunks implements TorrentChunks {
  readonly verifiedAtOpen: Bitfield;
  readonly hashesAtOpen = undefined;
  readonly #opening: Promise<TorrentChunks>;

  constructor(opening: Promise<TorrentChunks>, pieceCount: number) {
    this.#opening = opening;
    this.verifiedAtOpen = new Bitfield(pieceCount);
  }

  async write(piece: number, bytes: Bytes): Promise<void> {
    await (await this.#opening).write(piece, bytes);
  }

  async read(offsetBytes: number, lengthBytes: number): Promise<Bytes> {
    return (await this.#opening).read(offsetBytes, lengthBytes);
  }

  async saveHashes(bytes: Bytes): Promise<void> {
    await (await this.#opening).saveHashes(bytes);
  }

  async commit(): Promise<void> {
    await (await this.#opening).commit();
  }

  async close(): Promise<void> {
    await (await this.#opening).close();
  }
}
