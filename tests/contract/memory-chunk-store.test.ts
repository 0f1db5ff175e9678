import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { describeChunkStore } from './chunk-store';

describeChunkStore('the memory store', { canLimitRoom: true, isPersistent: false }, async () => ({
  create: async (roomBytes) => createMemoryChunkStore(roomBytes === undefined ? {} : { capacityBytes: roomBytes }),
  dispose: async () => undefined,
}));
