import { Bitfield } from '@/src/base/bitfield';
import type { BlockFile, FileTree, TreePath } from './file-tree';
import type { DurablePieces } from './store-medium';
import type { TorrentGeometry } from './torrent-geometry';
import { decodeVerified, encodeSlot, fitsTorrent, slotBytes, type VerifiedRecord } from './verified-record';

/** The open `verified` file of one torrent; see `VerifiedRecord` for its form. */
export class VerifiedFile {
  readonly #file: BlockFile;
  readonly #geometry: TorrentGeometry;
  readonly #layoutTag: number;
  #record: VerifiedRecord | undefined;

  private constructor(file: BlockFile, geometry: TorrentGeometry, layoutTag: number, record: VerifiedRecord | undefined) {
    this.#file = file;
    this.#geometry = geometry;
    this.#layoutTag = layoutTag;
    this.#record = record;
  }

  static async open(tree: FileTree, path: TreePath, geometry: TorrentGeometry, layoutTag: number): Promise<VerifiedFile> {
    const file = await tree.createFile(path);
    try {
      const sizeBytes = await file.sizeBytes();
      const bytes = new Uint8Array(sizeBytes === 2 * slotBytes(geometry.pieceCount) ? sizeBytes : 0);
      await file.read(bytes, 0);
      const record = decodeVerified(bytes);
      const fits = record !== undefined && fitsTorrent(record, geometry, layoutTag);
      return new VerifiedFile(file, geometry, layoutTag, fits ? record : undefined);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Whether the file was whole and made for this torrent. */
  get isValid(): boolean {
    return this.#record !== undefined;
  }

  get durable(): DurablePieces {
    const none = new Bitfield(this.#geometry.pieceCount);
    return { verified: this.#record?.verified ?? none, proven: this.#record?.proven ?? none };
  }

  /** From here on, durably, nothing is vouched for. */
  async invalidate(): Promise<void> {
    this.#record = undefined;
    await this.#file.truncate(0);
    await this.#file.flush();
  }

  /** Writes both slots: none is left that says more, and saving never has to grow the file on a full disk. */
  async reset(durable: DurablePieces): Promise<void> {
    await this.save(durable);
    await this.save(durable);
  }

  async save(durable: DurablePieces): Promise<void> {
    await this.#writeSlot({ ...this.#describe(durable), sequence: (this.#record?.sequence ?? 0) + 1 });
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #writeSlot(record: VerifiedRecord): Promise<void> {
    const slot = encodeSlot(record);
    await this.#file.write(slot, record.sequence % 2 === 0 ? 0 : slot.length);
    await this.#file.flush();
    this.#record = record;
  }

  #describe({ verified, proven }: DurablePieces): Omit<VerifiedRecord, 'sequence'> {
    const { pieceLengthBytes, totalBytes } = this.#geometry;
    return { pieceLengthBytes, totalBytes, layoutTag: this.#layoutTag, verified, proven };
  }
}
