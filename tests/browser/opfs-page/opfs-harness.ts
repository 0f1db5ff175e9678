import type { ChunkStore } from '@/src/store/chunk-store';
import { createOpfsChunkStore } from '@/src/store/opfs-chunk-store';
import { startWorker } from '@/src/store/start-opfs-store';
import type { PersistentHarness } from '@/tests/contract/store-harness';

/** Stores in workers of this page, over its real private file system. */
export class OpfsHarness implements PersistentHarness {
  /** Chromium reserves room for an open file by powers of two from 1 MiB on, whatever is written to it. */
  readonly roomUnitBytes = 1024 * 1024;
  readonly #limitRoom: (roomBytes: number | undefined) => Promise<void>;
  readonly #workers = new Map<ChunkStore, Worker>();

  constructor(limitRoom: (roomBytes: number | undefined) => Promise<void>) {
    this.#limitRoom = limitRoom;
  }

  readonly create = async (roomBytes?: number): Promise<ChunkStore> => {
    await this.#clear();
    await this.#limitRoom(roomBytes);
    return roomBytes === undefined ? this.start() : this.#keep(startWorker());
  };

  readonly persistence = {
    reopen: async (): Promise<ChunkStore> => this.start(),
    crash: async (store: ChunkStore): Promise<ChunkStore> => {
      this.#workers.get(store)?.terminate();
      return this.start();
    },
    damage: async (infoHash: string, file: string, change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): Promise<void> => {
      const root = await navigator.storage.getDirectory();
      const folder = await (await root.getDirectoryHandle('torrents')).getDirectoryHandle(infoHash);
      const handle = await folder.getFileHandle(file);
      const bytes = change(new Uint8Array(await (await handle.getFile()).arrayBuffer()));
      const writable = await handle.createWritable();
      await writable.write(bytes);
      await writable.close();
    },
  };

  readonly dispose = async (): Promise<void> => {
    await this.#limitRoom(undefined);
    await this.#clear();
  };

  start(): ChunkStore {
    return this.#keep(new Worker(new URL('./small-extents-worker.ts', import.meta.url), { type: 'module' }));
  }

  #keep(worker: Worker): ChunkStore {
    const store = createOpfsChunkStore(worker);
    this.#workers.set(store, worker);
    return store;
  }

  /** Ends every worker, crashed stores cannot be closed, and empties the file system by a store of its own. */
  async #clear(): Promise<void> {
    for (const worker of this.#workers.values()) worker.terminate();
    this.#workers.clear();
    const store = this.start();
    for (const { infoHash } of await store.list()) await store.remove(infoHash);
    await store.close();
  }
}
