import type { ChunkStore, TorrentChunks } from '@/src/store/chunk-store';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { withReadCache } from '@/src/store/read-cache';
import { describeChunkStore } from './chunk-store';

describeChunkStore('a store behind a read cache', { canLimitRoom: true, isPersistent: false }, async () => ({
  // So small that pieces come and go while a case runs.
  create: async (roomBytes) =>
    withReadCache(givingBack(createMemoryChunkStore(roomBytes === undefined ? {} : { capacityBytes: roomBytes })), 100_000),
  dispose: async () => undefined,
}));

/** As a store whose medium has no use for a buffer once it is written: only what it gives back is kept. */
function givingBack(store: ChunkStore): ChunkStore {
  return new Proxy(store, {
    get(target, name) {
      if (name === 'open') return async (info: Parameters<ChunkStore['open']>[0]) => givingBackOf(await target.open(info));
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

function givingBackOf(chunks: TorrentChunks): TorrentChunks {
  return {
    ...chunks,
    write: async (piece, bytes) => {
      const given = bytes.slice();
      await chunks.write(piece, bytes);
      return given;
    },
  };
}
