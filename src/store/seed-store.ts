import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Bitfield } from '@/src/base/bitfield';
import type { Bytes } from '@/src/base/bytes';
import type { TorrentFile, TorrentInfo } from '@/src/protocol/torrent-info';
import { StoreError, type ChunkStore } from './chunk-store';
import { MediumChunkStore } from './medium-chunk-store';
import { changedError, guarded, openUnchanged, pathInside } from './node-file-tree';
import { RunFiles } from './run-files';
import type { StoredSize, StoreMedium, TorrentMedium } from './store-medium';

export interface SeedStoreOptions {
  readonly info: TorrentInfo;
  /** The file of a single-file torrent, or the folder its paths start from. */
  readonly path: string;
  /** What `TorrentChunks.saveHashes` takes: the piece layers of a v2 torrent. */
  readonly hashes?: Bytes;
}

/**
 * For the seeder in Node: serves files that are on the disk already as one complete torrent. It never writes to them or removes them;
 * a file that is gone, has another size or changes after it was opened rejects with `io`.
 */
export function createSeedStore(options: SeedStoreOptions): ChunkStore {
  return new MediumChunkStore(new SeedMedium(options));
}

interface SeedFile {
  readonly path: string;
  readonly stats: Stats;
}

class SeedMedium implements StoreMedium {
  readonly #info: TorrentInfo;
  readonly #path: string;
  readonly #hashes: Bytes | undefined;

  constructor({ info, path, hashes }: SeedStoreOptions) {
    this.#info = info;
    this.#hashes = hashes;
    this.#path = path;
  }

  async openTorrent({ infoHash }: Pick<TorrentInfo, 'infoHash'>): Promise<TorrentMedium> {
    if (infoHash !== this.#info.infoHash) throw new StoreError('io', 'This store shares one torrent only, and it is another.');
    const seedFiles = await this.#findFiles();
    const layout = this.#info.files.map(({ offsetBytes, lengthBytes, padding, path }) => ({
      path: padding ? undefined : path,
      offsetBytes,
      lengthBytes,
    }));
    const files = new RunFiles(layout, {
      open: async ({ offsetBytes }) => {
        const seedFile = seedFiles.get(offsetBytes);
        return seedFile === undefined ? undefined : await openUnchanged(seedFile.path, seedFile.stats);
      },
    });
    const all = Bitfield.full(this.#info.pieceCount);
    return {
      durable: { verified: all, proven: all },
      piecesPerUnit: this.#info.pieceCount,
      hashes: this.#hashes,
      saveHashes: async () => undefined,
      write: () => Promise.reject(new StoreError('io', 'Shared files are never written to.')),
      read: (offsetBytes, lengthBytes) => files.read(offsetBytes, lengthBytes),
      flush: async () => undefined,
      saveVerified: async () => undefined,
      free: () => Promise.reject(new StoreError('io', 'Shared files are never removed; stop sharing instead.')),
      close: () => files.close(),
    };
  }

  async loadInfo(infoHash: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return infoHash === this.#info.infoHash ? this.#info.infoBytes.slice() : undefined;
  }

  async list(): Promise<readonly TorrentInfo['infoHash'][]> {
    return [this.#info.infoHash];
  }

  async loadIndex(): Promise<undefined> {
    return undefined;
  }

  async saveIndex(): Promise<void> {
    // What is shared is nobody's cache: there is nothing to remember about it.
  }

  /** They are not the store's to keep room for. */
  async sizeOf(): Promise<StoredSize> {
    return { storedBytes: this.#info.totalBytes, roomBytes: 0 };
  }

  async remove(infoHash: string): Promise<void> {
    if (infoHash === this.#info.infoHash) throw new StoreError('io', 'Shared files are never removed; stop sharing instead.');
  }

  /** Every file that holds bytes, by where it starts in the torrent. */
  async #findFiles(): Promise<ReadonlyMap<number, SeedFile>> {
    const isFile = (await guarded(() => stat(this.#path))).isFile();
    const filled = this.#info.files.filter((file) => !file.padding && file.lengthBytes > 0);
    const found = new Map<number, SeedFile>();
    for (const file of filled) found.set(file.offsetBytes, await this.#findFile(file, isFile));
    return found;
  }

  async #findFile(file: TorrentFile, rootIsFile: boolean): Promise<SeedFile> {
    const path = rootIsFile && this.#info.files.length === 1 ? this.#path : pathInside(this.#path, file.path);
    const stats = await guarded(() => stat(path));
    if (!stats.isFile() || stats.size !== file.lengthBytes) throw changedError(path);
    return { path, stats };
  }
}
