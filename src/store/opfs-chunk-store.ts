import { createBirpc, type BirpcReturn } from 'birpc';
import { assert } from '@/src/base/assert';
import { Bitfield } from '@/src/base/bitfield';
import type { Bytes } from '@/src/base/bytes';
import type { InfoHash } from '@/src/protocol/ids';
import { StoreError, type ChunkStore, type StoredTorrent, type TorrentChunks } from './chunk-store';
import { buffersOf, toStoreError, unpackError, type PieceName, type StoreCalls } from './store-calls';
import { assertPiece, assertRun, type TorrentGeometry } from './torrent-geometry';

/**
 * A store whose pieces live in the origin's private file system, kept by a dedicated worker (opfs-store-worker): bytes cross over
 * without a copy in both directions. Takes the worker over and ends it once closed; if it dies, every call rejects with `io`.
 */
export function createOpfsChunkStore(worker: Worker): ChunkStore {
  return new OpfsChunkStore(worker);
}

type OpenedFields = Pick<TorrentChunks, 'verifiedAtOpen' | 'unproven' | 'piecesPerUnit' | 'hashesAtOpen'>;

interface WaitingWrite {
  readonly name: PieceName;
  readonly bytes: Bytes;
  readonly resolve: (bytes: Bytes) => void;
  readonly reject: (error: unknown) => void;
}

class OpfsChunkStore implements ChunkStore {
  readonly #worker: Worker;
  readonly #calls: BirpcReturn<StoreCalls>;
  #failure: StoreError | undefined;
  /** Pieces that come while the worker writes go to it together: each message wakes it, and this thread for the answer. */
  #waiting: WaitingWrite[] = [];
  #writesUnderWay = 0;
  #closing: Promise<void> | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.#calls = createBirpc<StoreCalls>(
      {},
      {
        post: (message) => worker.postMessage(message, buffersOf(message)),
        on: (listener) => worker.addEventListener('message', (event) => listener(event.data)),
        deserialize: unpackError,
        // A slow disk is not a dead worker: that one is told by its `error` event.
        timeout: -1,
      },
    );
    worker.addEventListener('error', (event) => this.#fail(event.message));
    worker.addEventListener('messageerror', () => this.#fail('a message could not be read'));
  }

  async open(info: TorrentGeometry): Promise<TorrentChunks> {
    this.#assertOpen();
    const { infoHash, pieceLengthBytes, pieceCount, totalBytes, infoBytes, shortPieces } = info;
    const geometry = {
      infoHash,
      pieceLengthBytes,
      pieceCount,
      totalBytes,
      infoBytes,
      ...(shortPieces === undefined ? {} : { shortPieces }),
    };
    const opened = await this.#call('open', geometry);
    const verifiedAtOpen = Bitfield.from(opened.verified, pieceCount);
    const unproven = Bitfield.from(opened.unproven, pieceCount);
    assert(verifiedAtOpen !== undefined && unproven !== undefined, 'the worker answers with as many bits as there are pieces');
    return this.#torrent(geometry, { verifiedAtOpen, unproven, piecesPerUnit: opened.piecesPerUnit, hashesAtOpen: opened.hashes });
  }

  async loadInfo(infoHash: InfoHash): Promise<Bytes | undefined> {
    this.#assertOpen();
    return await this.#call('loadInfo', infoHash);
  }

  async loadIndex(infoHash: InfoHash): Promise<Bytes | undefined> {
    this.#assertOpen();
    return await this.#call('loadIndex', infoHash);
  }

  async saveIndex(infoHash: InfoHash, bytes: Bytes): Promise<void> {
    this.#assertOpen();
    await this.#call('saveIndex', infoHash, bytes);
  }

  async list(): Promise<readonly StoredTorrent[]> {
    this.#assertOpen();
    return await this.#call('list');
  }

  async remove(infoHash: InfoHash): Promise<void> {
    this.#assertOpen();
    await this.#call('remove', infoHash);
  }

  close(): Promise<void> {
    this.#closing ??= this.#call('closeStore').finally(() => {
      this.#worker.terminate();
      this.#calls.$close(closedError());
    });
    return this.#closing;
  }

  #torrent(geometry: TorrentGeometry, opened: OpenedFields): TorrentChunks {
    const { infoHash } = geometry;
    let closing: Promise<void> | undefined;
    const assertOpen = (): void => {
      if (closing !== undefined || this.#closing !== undefined) throw new StoreError('closed', 'This torrent was closed; open it again.');
    };
    return {
      ...opened,
      saveHashes: async (bytes) => {
        assertOpen();
        await this.#call('saveHashes', infoHash, bytes);
      },
      write: async (piece, bytes) => {
        assertOpen();
        assertPiece(geometry, piece, bytes);
        return await this.#write({ infoHash, piece }, bytes);
      },
      read: async (offsetBytes, lengthBytes) => {
        assertOpen();
        assertRun(geometry, offsetBytes, lengthBytes);
        return await this.#call('read', infoHash, offsetBytes, lengthBytes);
      },
      prove: (piece) => {
        // A worker that died says so at the next call that somebody waits for.
        if (closing === undefined && this.#closing === undefined) this.#call('prove', infoHash, piece).catch(() => undefined);
      },
      evict: async (pieces) => {
        assertOpen();
        await this.#call('evict', infoHash, pieces);
      },
      commit: async () => {
        assertOpen();
        await this.#call('commit', infoHash);
      },
      close: () => (closing ??= this.#closing ?? this.#call('close', infoHash)),
    };
  }

  #write(name: PieceName, bytes: Bytes): Promise<Bytes> {
    const { promise, resolve, reject } = Promise.withResolvers<Bytes>();
    this.#waiting.push({ name, bytes, resolve, reject });
    if (this.#writesUnderWay === 0) this.#sendWrites();
    return promise;
  }

  #sendWrites(): void {
    const writes = this.#waiting;
    this.#waiting = [];
    if (writes.length > 0) void this.#send(writes);
  }

  async #send(writes: readonly WaitingWrite[]): Promise<void> {
    this.#writesUnderWay++;
    try {
      if (this.#failure !== undefined) throw this.#failure;
      const names = writes.map(({ name }) => name);
      const outcomes = await this.#calls.$call('write', names, ...writes.map(({ bytes }) => bytes));
      for (const [index, { resolve, reject }] of writes.entries()) {
        const outcome = outcomes[index];
        if (outcome instanceof Uint8Array) resolve(outcome);
        else reject(toStoreError(outcome));
      }
    } catch (error) {
      for (const { reject } of writes) reject(error);
    }
    this.#writesUnderWay--;
    this.#sendWrites();
  }

  async #call<Name extends keyof StoreCalls>(
    name: Name,
    ...args: Parameters<StoreCalls[Name]>
  ): Promise<Awaited<ReturnType<StoreCalls[Name]>>> {
    // What was asked before it goes before it.
    this.#sendWrites();
    if (this.#failure !== undefined) throw this.#failure;
    return await this.#calls.$call(name, ...args);
  }

  #fail(reason: string): void {
    this.#failure ??= new StoreError('io', `The storage worker stopped (${reason}); reload the extension.`);
    this.#worker.terminate();
    this.#calls.$close(this.#failure);
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw closedError();
  }
}

function closedError(): StoreError {
  return new StoreError('closed', 'The store was closed; make a new one.');
}
