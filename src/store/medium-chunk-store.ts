import type { Bytes } from '@/src/base/bytes';
import type { InfoHash } from '@/src/protocol/ids';
import { StoreError, type StoredTorrent, type TorrentChunks } from './chunk-store';
import type { CommitOptions } from './commit-schedule';
import type { StoreMedium } from './store-medium';
import type { TorrentGeometry } from './torrent-geometry';
import { TorrentPieces } from './torrent-pieces';

/** A `ChunkStore` but for its medium: knows which torrents are open, whose turn it is and what closing means. The bytes go to the medium. */
export class MediumChunkStore<Info extends TorrentGeometry> {
  readonly #medium: StoreMedium<Info>;
  readonly #options: CommitOptions;
  /** Torrents from the call of `open` until they are closed; undefined while they are being opened. */
  readonly #open = new Map<InfoHash, TorrentPieces | undefined>();
  /** What was last begun for a torrent: opening and removing it take turns. */
  readonly #turns = new Map<InfoHash, Promise<void>>();
  #closing: Promise<void> | undefined;

  constructor(medium: StoreMedium<Info>, options: CommitOptions = {}) {
    this.#medium = medium;
    this.#options = options;
  }

  async open(info: Info): Promise<TorrentChunks> {
    this.#assertOpen();
    this.#assertFree(info.infoHash);
    this.#open.set(info.infoHash, undefined);
    return await this.#inTurn(info.infoHash, async () => {
      try {
        const torrent = new TorrentPieces(info, await this.#medium.openTorrent(info), this.#options);
        this.#open.set(info.infoHash, torrent);
        return this.#untilClosed(info.infoHash, torrent);
      } catch (error) {
        this.#open.delete(info.infoHash);
        throw error;
      }
    });
  }

  async loadInfo(infoHash: InfoHash): Promise<Bytes | undefined> {
    this.#assertOpen();
    return await this.#inTurn(infoHash, () => this.#medium.loadInfo(infoHash));
  }

  async loadIndex(infoHash: InfoHash): Promise<Bytes | undefined> {
    this.#assertOpen();
    return await this.#inTurn(infoHash, () => this.#medium.loadIndex(infoHash));
  }

  async saveIndex(infoHash: InfoHash, bytes: Bytes): Promise<void> {
    this.#assertOpen();
    await this.#inTurn(infoHash, () => this.#medium.saveIndex(infoHash, bytes));
  }

  async list(): Promise<readonly StoredTorrent[]> {
    this.#assertOpen();
    const infoHashes = await this.#medium.list();
    return await Promise.all(
      infoHashes.map(async (infoHash) => ({
        infoHash,
        ...(this.#open.get(infoHash)?.size ?? (await this.#medium.sizeOf(infoHash))),
      })),
    );
  }

  async remove(infoHash: InfoHash): Promise<void> {
    this.#assertOpen();
    this.#assertFree(infoHash);
    await this.#inTurn(infoHash, () => this.#medium.remove(infoHash));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all(this.#turns.values());
    const closed = await Promise.allSettled([...this.#open.keys()].map((infoHash) => this.#closeTorrent(infoHash)));
    const failed = closed.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #closeTorrent(infoHash: InfoHash): Promise<void> {
    const torrent = this.#open.get(infoHash);
    try {
      await torrent?.close();
    } finally {
      if (this.#open.get(infoHash) === torrent) this.#open.delete(infoHash);
    }
  }

  /** The torrent as its opener sees it: closing it also gives its place in the store back. */
  #untilClosed(infoHash: InfoHash, torrent: TorrentPieces): TorrentChunks {
    let closing: Promise<void> | undefined;
    return {
      verifiedAtOpen: torrent.verifiedAtOpen,
      unproven: torrent.unproven,
      piecesPerUnit: torrent.piecesPerUnit,
      hashesAtOpen: torrent.hashesAtOpen,
      isLent: torrent.isLent,
      saveHashes: (bytes) => torrent.saveHashes(bytes),
      write: (piece, bytes) => torrent.write(piece, bytes),
      read: (offsetBytes, lengthBytes) => torrent.read(offsetBytes, lengthBytes),
      prove: (piece) => torrent.prove(piece),
      evict: (pieces) => torrent.evict(pieces),
      commit: () => torrent.commit(),
      close: () => (closing ??= this.#closeTorrent(infoHash)),
    };
  }

  async #inTurn<Result>(infoHash: InfoHash, task: () => Promise<Result>): Promise<Result> {
    const result = (this.#turns.get(infoHash) ?? Promise.resolve()).then(task);
    const turn = result.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(infoHash, turn);
    try {
      return await result;
    } finally {
      if (this.#turns.get(infoHash) === turn) this.#turns.delete(infoHash);
    }
  }

  #assertFree(infoHash: InfoHash): void {
    if (this.#open.has(infoHash)) throw new StoreError('busy', 'This torrent is open already; close it first.');
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new StoreError('closed', 'The store was closed; make a new one.');
  }
}
