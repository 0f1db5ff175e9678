import type { Bytes } from '@/src/base/bytes';
import type { InfoHash } from '@/src/protocol/ids';
import type { SharedFile } from '@/src/protocol/shared-file';
import type { TorrentFile, TorrentInfo } from '@/src/protocol/torrent-info';
import { StoreError, type ChunkStore, type StoredTorrent, type TorrentChunks } from './chunk-store';
import type { BlockFile } from './file-tree';
import { MediumChunkStore } from './medium-chunk-store';
import { SeedMedium } from './seed-medium';
import { notice } from '@/src/protocol/notice';

/** Files of the viewer's that are shared as they are: each torrent of them is a store of its own. */
export class SharedFiles {
  readonly #stores = new Map<InfoHash, ChunkStore>();

  /**
   * @param files in the order of the dictionary, without padding; of the lengths it says
   * @param hashes what `TorrentChunks.saveHashes` takes: the piece layers of a torrent of v2 alone
   * @throws {RangeError} when the files are not those that the description lists
   */
  add(info: TorrentInfo, files: readonly SharedFile[], hashes?: Bytes): void {
    const listed = info.files.filter(({ padding }) => !padding);
    const fit = listed.length === files.length && listed.every(({ lengthBytes }, index) => files[index]?.size === lengthBytes);
    if (!fit) throw new RangeError('The files are not those that the description lists.');
    const byOffset = new Map<number, SharedFile>();
    for (const [index, file] of files.entries()) {
      if (file.size > 0) byOffset.set(listed[index]?.offsetBytes ?? 0, file);
    }
    this.#stores.set(
      info.infoHash,
      new MediumChunkStore(
        new SeedMedium({ info, ...(hashes === undefined ? {} : { hashes }), findFiles: async (wanted) => openable(wanted, byOffset) }),
      ),
    );
  }

  /** Once nobody has it open: it is not shared any more. */
  remove(infoHash: InfoHash): void {
    this.#stores.delete(infoHash);
  }

  storeOf(infoHash: InfoHash): ChunkStore | undefined {
    return this.#stores.get(infoHash);
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#stores.values(), (store) => store.close()));
  }
}

/** A store in which torrents of shared files are found first. They are none of its films: it neither lists nor removes them. */
export function withSharedFiles(store: ChunkStore, shared: SharedFiles): ChunkStore {
  return new SharingChunkStore(store, shared);
}

class SharingChunkStore implements ChunkStore {
  readonly #store: ChunkStore;
  readonly #shared: SharedFiles;

  constructor(store: ChunkStore, shared: SharedFiles) {
    this.#store = store;
    this.#shared = shared;
  }

  open(info: TorrentInfo): Promise<TorrentChunks> {
    return this.#storeOf(info.infoHash).open(info);
  }

  loadInfo(infoHash: InfoHash): Promise<Bytes | undefined> {
    return this.#storeOf(infoHash).loadInfo(infoHash);
  }

  loadIndex(infoHash: InfoHash): Promise<Bytes | undefined> {
    return this.#storeOf(infoHash).loadIndex(infoHash);
  }

  saveIndex(infoHash: InfoHash, bytes: Bytes): Promise<void> {
    return this.#storeOf(infoHash).saveIndex(infoHash, bytes);
  }

  list(): Promise<readonly StoredTorrent[]> {
    return this.#store.list();
  }

  remove(infoHash: InfoHash): Promise<void> {
    return this.#store.remove(infoHash);
  }

  async close(): Promise<void> {
    await Promise.all([this.#store.close(), this.#shared.close()]);
  }

  #storeOf(infoHash: InfoHash): ChunkStore {
    return this.#shared.storeOf(infoHash) ?? this.#store;
  }
}

function openable(
  wanted: readonly TorrentFile[],
  byOffset: ReadonlyMap<number, SharedFile>,
): ReadonlyMap<TorrentFile, () => Promise<BlockFile>> {
  const found = new Map<TorrentFile, () => Promise<BlockFile>>();
  for (const file of wanted) {
    const shared = byOffset.get(file.offsetBytes);
    if (shared === undefined) continue;
    // As it was when it was shared.
    const { size, lastModified } = shared;
    found.set(file, async () => blockFile(shared, { size, lastModified }, file.path.at(-1) ?? ''));
  }
  return found;
}

/** Read only. A browser refuses to read a file that has changed, or is gone, since it was chosen; Node does not, so both are asked. */
function blockFile(file: SharedFile, expected: Pick<SharedFile, 'size' | 'lastModified'>, name: string): BlockFile {
  return {
    async read(into, offsetBytes) {
      let bytes: Uint8Array;
      try {
        bytes = new Uint8Array(await file.slice(offsetBytes, offsetBytes + into.length).arrayBuffer());
      } catch (error) {
        throw changed(name, error);
      }
      if (bytes.length !== into.length || file.size !== expected.size || file.lastModified !== expected.lastModified) throw changed(name);
      into.set(bytes);
    },
    write: refuse,
    sizeBytes: async () => file.size,
    truncate: refuse,
    flush: async () => undefined,
    close: async () => undefined,
  };
}

function changed(name: string, cause?: unknown): StoreError {
  return new StoreError('changed', `“${name}” is not what was shared`, { cause, notice: notice('sharedChanged', { name }) });
}

async function refuse(): Promise<never> {
  throw new StoreError('io', 'Shared files are never written to.');
}
