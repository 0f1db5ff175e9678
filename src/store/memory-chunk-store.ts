import { Bitfield } from '@/src/base/bitfield';
import type { Bytes } from '@/src/base/bytes';
import type { InfoHash } from '@/src/protocol/ids';
import { StoreError, type ChunkStore } from './chunk-store';
import { MediumChunkStore } from './medium-chunk-store';
import type { StoredSize, StoreMedium, TorrentMedium } from './store-medium';
import type { TorrentGeometry } from './torrent-geometry';

export interface MemoryChunkStoreOptions {
  /** Pieces of all torrents together take no more than this. Default: no limit. */
  readonly capacityBytes?: number;
}

/** For private windows and tests: keeps torrents as long as the store lives. */
export function createMemoryChunkStore(options: MemoryChunkStoreOptions = {}): ChunkStore {
  // A timer would be of no use: there is nothing to make durable.
  return new MediumChunkStore(new MemoryMedium(options.capacityBytes ?? Infinity), { startTimer: () => () => undefined });
}

interface MemoryTorrent {
  readonly geometry: TorrentGeometry;
  readonly infoBytes: Bytes;
  readonly pieces: Map<number, Bytes>;
  index: Bytes | undefined;
  hashes: Bytes | undefined;
}

class MemoryMedium implements StoreMedium {
  readonly #torrents = new Map<InfoHash, MemoryTorrent>();
  #freeBytes: number;

  constructor(capacityBytes: number) {
    this.#freeBytes = capacityBytes;
  }

  async openTorrent(geometry: TorrentGeometry): Promise<TorrentMedium> {
    const torrent = this.#torrents.get(geometry.infoHash) ?? {
      geometry,
      infoBytes: geometry.infoBytes.slice(),
      pieces: new Map(),
      index: undefined,
      hashes: undefined,
    };
    this.#torrents.set(geometry.infoHash, torrent);
    const verified = new Bitfield(geometry.pieceCount);
    for (const piece of torrent.pieces.keys()) verified.add(piece);
    return {
      durable: { verified, proven: verified },
      piecesPerUnit: 1,
      hashes: torrent.hashes?.slice(),
      saveHashes: async (bytes) => {
        torrent.hashes = bytes.slice();
      },
      write: async (offsetBytes, bytes) => this.#keep(torrent, offsetBytes, bytes),
      read: async (offsetBytes, lengthBytes) => readPieces(torrent, offsetBytes, lengthBytes),
      flush: async () => undefined,
      saveVerified: async () => undefined,
      free: async (_durable, held) => this.#keepOnly(torrent, held),
      close: async () => undefined,
    };
  }

  async loadInfo(infoHash: InfoHash): Promise<Bytes | undefined> {
    return this.#torrents.get(infoHash)?.infoBytes.slice();
  }

  async list(): Promise<readonly InfoHash[]> {
    return [...this.#torrents.keys()];
  }

  async loadIndex(infoHash: InfoHash): Promise<Bytes | undefined> {
    return this.#torrents.get(infoHash)?.index?.slice();
  }

  async saveIndex(infoHash: InfoHash, bytes: Bytes): Promise<void> {
    const torrent = this.#torrents.get(infoHash);
    if (torrent !== undefined) torrent.index = bytes.slice();
  }

  async sizeOf(infoHash: InfoHash): Promise<StoredSize> {
    const storedBytes = piecesBytes(this.#torrents.get(infoHash));
    return { storedBytes, roomBytes: storedBytes };
  }

  async remove(infoHash: InfoHash): Promise<void> {
    this.#freeBytes += piecesBytes(this.#torrents.get(infoHash));
    this.#torrents.delete(infoHash);
  }

  #keepOnly(torrent: MemoryTorrent, held: Bitfield): void {
    for (const [piece, bytes] of torrent.pieces) {
      if (held.has(piece)) continue;
      torrent.pieces.delete(piece);
      this.#freeBytes += bytes.length;
    }
  }

  #keep(torrent: MemoryTorrent, offsetBytes: number, bytes: Bytes): void {
    if (bytes.length > this.#freeBytes) throw new StoreError('full', 'The memory set aside for films is used up; remove one.');
    this.#freeBytes -= bytes.length;
    // A view into a larger buffer would keep all of it alive.
    const kept = bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice();
    torrent.pieces.set(offsetBytes / torrent.geometry.pieceLengthBytes, kept);
  }
}

function piecesBytes(torrent: MemoryTorrent | undefined): number {
  let total = 0;
  for (const piece of torrent?.pieces.values() ?? []) total += piece.length;
  return total;
}

function readPieces(torrent: MemoryTorrent, offsetBytes: number, lengthBytes: number): Bytes {
  const { pieceLengthBytes } = torrent.geometry;
  const run = new Uint8Array(lengthBytes);
  let at = 0;
  while (at < lengthBytes) {
    const piece = Math.floor((offsetBytes + at) / pieceLengthBytes);
    const start = offsetBytes + at - piece * pieceLengthBytes;
    const held = torrent.pieces.get(piece);
    if (held !== undefined && start >= held.length) {
      // Between the end of a file of a v2 torrent and the next piece there is nothing.
      at += pieceLengthBytes - start;
      continue;
    }
    const part = held?.subarray(start, start + lengthBytes - at);
    if (part === undefined) throw new StoreError('missing', `Piece ${piece} is not stored yet; wait for it to be downloaded.`);
    run.set(part, at);
    at += part.length;
  }
  return run;
}
