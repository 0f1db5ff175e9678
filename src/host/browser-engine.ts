import type { Logger } from '@/src/base/logger';
import { createEngine } from '@/src/engine/engine';
import type { Engine } from '@/src/engine/engine-interface';
import type { EngineOptions } from '@/src/engine/engine-options';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { withReadCache } from '@/src/store/read-cache';
import { SharedFiles, withSharedFiles } from '@/src/store/shared-files';
import { startOpfsStore } from '@/src/store/start-opfs-store';
import type { RandomBytes } from '@/src/protocol/ids';
import { createSignaling } from '@/src/transport/create-signaling';
import { systemClock } from './system-clock';

const consoleLogger: Logger = {
  debug: (message, facts) => console.debug(message, facts ?? ''),
  warn: (message, facts) => console.warn(message, facts ?? ''),
};

const secureRandomBytes: RandomBytes = (lengthBytes) => crypto.getRandomValues(new Uint8Array(lengthBytes));

/** What a private window may keep in memory: an hour of a film, not the machine. */
const PRIVATE_BYTES = 512 * 1024 * 1024;
/** Windows of playheads may exceed the limit a little. */
const PRIVATE_SLACK_BYTES = 128 * 1024 * 1024;

/**
 * The engine in a document of the browser: the offscreen one in Chromium.
 * @param options.isPrivate nothing is written to the disk: films are kept in a bounded piece of memory, and forgotten with the document
 */
export function createBrowserEngine({
  isPrivate,
  onFilmCount,
}: { readonly isPrivate: boolean } & Pick<EngineOptions, 'onFilmCount'>): Engine {
  const sharedFiles = new SharedFiles();
  const engine = createEngine({
    ...(isPrivate ? memoryStore(sharedFiles) : { store: withReadCache(withSharedFiles(startOpfsStore(), sharedFiles)), freeBytes }),
    sharedFiles,
    ...(onFilmCount === undefined ? {} : { onFilmCount }),
    createConnection: (configuration) => new RTCPeerConnection(configuration),
    createSignaling: (url, signal, token) =>
      createSignaling({ url, token, signal, clock: systemClock, random: Math.random, randomBytes: secureRandomBytes }),
    clock: systemClock,
    fetch: (url, init) => fetch(url, init),
    random: Math.random,
    randomBytes: secureRandomBytes,
    sha1: async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-1', bytes)),
    sha256: async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)),
    logger: consoleLogger,
  });
  globalThis.addEventListener('online', () => engine.reconnect());
  return engine;
}

function memoryStore(sharedFiles: SharedFiles): Pick<EngineOptions, 'store' | 'storeLimitBytes'> {
  const store = createMemoryChunkStore({ capacityBytes: PRIVATE_BYTES + PRIVATE_SLACK_BYTES });
  return { store: withSharedFiles(store, sharedFiles), storeLimitBytes: PRIVATE_BYTES };
}

/** With unlimited storage the browser grants all there is: what it grants beyond what is used is what the disk has left. */
async function freeBytes(): Promise<number | undefined> {
  const { quota, usage } = await navigator.storage.estimate();
  return quota === undefined || usage === undefined ? undefined : Math.max(0, quota - usage);
}
