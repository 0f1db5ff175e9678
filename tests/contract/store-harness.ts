import type { Bytes } from '@/src/base/bytes';
import type { InfoHash } from '@/src/protocol/ids';
import type { ChunkStore } from '@/src/store/chunk-store';

/** What the acceptance suite needs of an implementation; one harness for each case. */
export interface StoreHarness {
  /** A store over an empty medium, with room for so many bytes of pieces (and what the store itself needs) where that can be arranged. */
  readonly create: (roomBytes?: number) => Promise<ChunkStore>;
  /** Size of pieces by which the medium tells full from not full. Default 50 kB. */
  readonly roomUnitBytes?: number;
  /** For stores that outlive their process. Commits by time are off, so that a case decides what is durable. */
  readonly persistence?: StorePersistence;
  readonly dispose: () => Promise<void>;
}

export interface StorePersistence {
  /** Another store over the same medium; the one before was closed. */
  readonly reopen: () => Promise<ChunkStore>;
  /** The store is gone without a farewell; another one over the same medium. */
  readonly crash: (store: ChunkStore) => Promise<ChunkStore>;
  /** Changes a file of a torrent behind the store's back, while no store is there. */
  readonly damage: (infoHash: InfoHash, file: 'info' | 'verified', change: (bytes: Bytes) => Bytes) => Promise<void>;
}

export interface StoreCase {
  readonly name: string;
  readonly needs: 'nothing' | 'room' | 'persistence';
  readonly run: (harness: StoreHarness) => Promise<void>;
}

export interface PersistentHarness extends StoreHarness {
  readonly persistence: StorePersistence;
}

/** A case for every store. */
export function storeCase(name: string, run: (harness: StoreHarness) => Promise<void>): StoreCase {
  return { name, needs: 'nothing', run };
}

/** A case for stores whose room can be limited. */
export function roomCase(name: string, run: (harness: StoreHarness) => Promise<void>): StoreCase {
  return { name, needs: 'room', run };
}

/** A case for stores that outlive their process. */
export function persistentCase(name: string, run: (harness: PersistentHarness) => Promise<void>): StoreCase {
  return {
    name,
    needs: 'persistence',
    run: async (harness) => {
      const { persistence } = harness;
      if (persistence === undefined) throw new Error('this case is for persistent stores');
      await run({ ...harness, persistence });
    },
  };
}
