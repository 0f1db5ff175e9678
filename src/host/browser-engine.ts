import type { Logger } from '@/src/base/logger';
import { createEngine } from '@/src/engine/engine';
import type { Engine } from '@/src/engine/engine-interface';
import { startOpfsStore } from '@/src/store/start-opfs-store';
import { createSocketIoSignaling } from '@/src/transport/socket-io-signaling';
import { systemClock } from './system-clock';

const consoleLogger: Logger = {
  debug: (message, facts) => console.debug(message, facts ?? ''),
  warn: (message, facts) => console.warn(message, facts ?? ''),
};

/** The engine in a document of the browser: the offscreen one in Chromium. */
export function createBrowserEngine(): Engine {
  return createEngine({
    store: startOpfsStore(),
    createConnection: (configuration) => new RTCPeerConnection(configuration),
    createSignaling: (url, signal) => createSocketIoSignaling({ url, signal }),
    clock: systemClock,
    fetch: (url, init) => fetch(url, init),
    random: Math.random,
    randomBytes: (lengthBytes) => crypto.getRandomValues(new Uint8Array(lengthBytes)),
    sha1: async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-1', bytes)),
    freeBytes,
    logger: consoleLogger,
  });
}

/** With unlimited storage the browser grants all there is: what it grants beyond what is used is what the disk has left. */
async function freeBytes(): Promise<number | undefined> {
  const { quota, usage } = await navigator.storage.estimate();
  return quota === undefined || usage === undefined ? undefined : Math.max(0, quota - usage);
}
