import { createBirpc } from 'birpc';
import type { InfoHash } from '@/src/protocol/ids';
import { StoreError, type TorrentChunks } from './chunk-store';
import type { MediumChunkStore } from './medium-chunk-store';
import { buffersOf, packedError, packError, type StoreCalls } from './store-calls';
import type { TorrentGeometry } from './torrent-geometry';

/** The side of a worker that its maker talks to. */
export interface MessageEnd {
  postMessage(message: unknown, options: { transfer: Transferable[] }): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** Puts a store behind the calls of an `OpfsChunkStore` in a document. */
export function serveStore(store: MediumChunkStore<TorrentGeometry>, end: MessageEnd): void {
  const open = new Map<InfoHash, TorrentChunks>();
  const torrent = (infoHash: InfoHash): TorrentChunks => {
    const chunks = open.get(infoHash);
    if (chunks === undefined) throw new StoreError('closed', 'This torrent is not open; open it first.');
    return chunks;
  };
  const calls: StoreCalls = {
    open: async (geometry) => {
      const chunks = await store.open(geometry);
      open.set(geometry.infoHash, chunks);
      return {
        verified: chunks.verifiedAtOpen.bytes,
        unproven: chunks.unproven.bytes,
        piecesPerUnit: chunks.piecesPerUnit,
        hashes: chunks.hashesAtOpen,
      };
    },
    saveHashes: async (infoHash, bytes) => await torrent(infoHash).saveHashes(bytes),
    loadInfo: (infoHash) => store.loadInfo(infoHash),
    loadIndex: (infoHash) => store.loadIndex(infoHash),
    saveIndex: (infoHash, bytes) => store.saveIndex(infoHash, bytes),
    list: () => store.list(),
    remove: (infoHash) => store.remove(infoHash),
    closeStore: () => store.close(),
    write: (pieces, ...buffers) =>
      Promise.all(
        buffers.map(async (bytes, index) => {
          try {
            const { infoHash, piece } = pieces[index] ?? missingName();
            await torrent(infoHash).write(piece, bytes);
            return bytes;
          } catch (error) {
            return packedError(error);
          }
        }),
      ),
    read: async (infoHash, offsetBytes, lengthBytes) => await torrent(infoHash).read(offsetBytes, lengthBytes),
    prove: async (infoHash, piece) => torrent(infoHash).prove(piece),
    evict: async (infoHash, pieces) => await torrent(infoHash).evict(pieces),
    commit: async (infoHash) => await torrent(infoHash).commit(),
    close: async (infoHash) => {
      const chunks = torrent(infoHash);
      open.delete(infoHash);
      await chunks.close();
    },
  };
  createBirpc<Record<string, never>, StoreCalls>(calls, {
    post: (message) => end.postMessage(message, { transfer: buffersOf(message) }),
    on: (listener) => end.addEventListener('message', (event) => listener(event.data)),
    serialize: packError,
  });
}

function missingName(): never {
  throw new RangeError('each buffer comes with the name of its piece');
}
