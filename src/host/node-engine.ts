import { createHash, randomBytes } from 'node:crypto';
import type { Logger } from '@/src/base/logger';
import { createEngine } from '@/src/engine/engine';
import type { Engine } from '@/src/engine/engine-interface';
import type { EngineLimits } from '@/src/engine/limits';
import type { ChunkStore } from '@/src/store/chunk-store';
import type { SharedFiles } from '@/src/store/shared-files';
import type { RandomBytes } from '@/src/protocol/ids';
import { createSignaling } from '@/src/transport/create-signaling';
import { createNodeConnection } from './node-rtc';
import { systemClock } from './system-clock';

export interface NodeEngineOptions {
  readonly store: ChunkStore;
  readonly logger: Logger;
  readonly limits?: Partial<EngineLimits>;
  /** See `EngineOptions.sharedFiles`. */
  readonly sharedFiles?: SharedFiles;
  /** Of the disk the store is on, as `nodeFreeBytes` tells it: the default quota depends on it. */
  readonly freeBytes?: () => Promise<number>;
}

const secureRandomBytes: RandomBytes = (lengthBytes) => new Uint8Array(randomBytes(lengthBytes));

/** The engine in Node: for seeding, and as the other peer in tests. `process.exit` must end the process: open connections keep it alive. */
export function createNodeEngine(options: NodeEngineOptions): Engine {
  return createEngine({
    ...options,
    createConnection: createNodeConnection,
    createSignaling: (url, signal, token) =>
      createSignaling({ url, token, signal, clock: systemClock, random: Math.random, randomBytes: secureRandomBytes }),
    clock: systemClock,
    fetch: (url, init) => fetch(url, init),
    random: Math.random,
    randomBytes: secureRandomBytes,
    sha1: async (bytes) => createHash('sha1').update(bytes).digest(),
    sha256: async (bytes) => createHash('sha256').update(bytes).digest(),
  });
}
