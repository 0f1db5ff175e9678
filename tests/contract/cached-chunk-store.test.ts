import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { withReadCache } from '@/src/store/read-cache';
import { describeChunkStore } from './chunk-store';

describeChunkStore('a store behind a read cache', { canLimitRoom: true, isPersistent: false }, async () => ({
  // So small that pieces come and go while a case runs.
  create: async (roomBytes) => withReadCache(createMemoryChunkStore(roomBytes === undefined ? {} : { capacityBytes: roomBytes }), 100_000),
  dispose: async () => undefined,
}));
