import type { ChunkStore } from './chunk-store';
import { createOpfsChunkStore } from './opfs-chunk-store';

/** Starts the worker that keeps torrents in the origin's private file system. */
export function startOpfsStore(): ChunkStore {
  return createOpfsChunkStore(startWorker());
}

export function startWorker(): Worker {
  return new Worker(new URL('./opfs-store-worker.ts', import.meta.url), { type: 'module', name: 'chunk store' });
}
