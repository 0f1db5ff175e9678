import { Bitfield } from '@/src/base/bitfield';
import type { Bytes } from '@/src/base/bytes';
import type { TorrentFile, TorrentInfo } from '@/src/protocol/torrent-info';
import { StoreError } from './chunk-store';
import type { BlockFile } from './file-tree';
import { RunFiles } from './run-files';
import type { StoredSize, StoreMedium, TorrentMedium } from './store-medium';

export interface SeedMediumOptions {
  readonly info: TorrentInfo;
  /** What `TorrentChunks.saveHashes` takes: the piece layers of a v2 torrent. */
  readonly hashes?: Bytes;
  /** Finds every file that holds bytes, to be opened when it is first read. @throws {StoreError} `changed` when one is not as described */
  findFiles(files: readonly TorrentFile[]): Promise<ReadonlyMap<TorrentFile, () => Promise<BlockFile>>>;
}

/** Files of the viewer's own as one complete torrent: read, never written to, never removed, and nothing the store makes room for. */
export class SeedMedium implements StoreMedium {
  readonly #options: SeedMediumOptions;

  constructor(options: SeedMediumOptions) {
    this.#options = options;
  }

  async openTorrent({ infoHash }: Pick<TorrentInfo, 'infoHash'>): Promise<TorrentMedium> {
    const { info, hashes } = this.#options;
    if (infoHash !== info.infoHash) throw new StoreError('io', 'This store shares one torrent only, and it is another.');
    const filled = info.files.filter((file) => !file.padding && file.lengthBytes > 0);
    const found = await this.#options.findFiles(filled);
    const byOffset = new Map(Array.from(found, ([{ offsetBytes }, open]) => [offsetBytes, open]));
    const layout = info.files.map(({ offsetBytes, lengthBytes, padding, path }) => ({
      path: padding ? undefined : path,
      offsetBytes,
      lengthBytes,
    }));
    const files = new RunFiles(layout, { open: async ({ offsetBytes }) => await byOffset.get(offsetBytes)?.() });
    const all = Bitfield.full(info.pieceCount);
    return {
      durable: { verified: all, proven: all },
      piecesPerUnit: info.pieceCount,
      isLent: true,
      hashes,
      saveHashes: async () => undefined,
      write: () => Promise.reject(new StoreError('io', 'Shared files are never written to.')),
      read: (offsetBytes, lengthBytes) => files.read(offsetBytes, lengthBytes),
      flush: async () => undefined,
      saveVerified: async () => undefined,
      free: () => Promise.reject(new StoreError('io', 'Shared files are never removed; stop sharing instead.')),
      close: () => files.close(),
    };
  }

  async loadInfo(infoHash: string): Promise<Bytes | undefined> {
    const { info } = this.#options;
    return infoHash === info.infoHash ? info.infoBytes.slice() : undefined;
  }

  async list(): Promise<readonly TorrentInfo['infoHash'][]> {
    return [this.#options.info.infoHash];
  }

  async loadIndex(): Promise<undefined> {
    return undefined;
  }

  async saveIndex(): Promise<void> {
    // What is shared is nobody's cache: there is nothing to remember about it.
  }

  /** They are not the store's to keep room for. */
  async sizeOf(): Promise<StoredSize> {
    return { storedBytes: this.#options.info.totalBytes, roomBytes: 0 };
  }

  async remove(infoHash: string): Promise<void> {
    if (infoHash === this.#options.info.infoHash) throw new StoreError('io', 'Shared files are never removed; stop sharing instead.');
  }
}
