import type { Bitfield } from '@/src/base/bitfield';
import type { Bytes } from '@/src/base/bytes';
import type { InfoHash } from '@/src/protocol/ids';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import type { Notice } from '@/src/protocol/notice';

/**
 * Where verified pieces live. One copy serves every tab and every source. The store trusts its caller to have verified what it
 * writes, and never hands out a byte of a piece that was not written whole. Every implementation passes tests/contract/chunk-store.
 */
export interface ChunkStore {
  /**
   * Opens a torrent, creating it when it is new, and remembers its info dictionary. A torrent is open once at a time.
   * @throws {StoreError} `busy` when it is open already, `full` when there is no room, `io` otherwise.
   */
  open(info: TorrentInfo): Promise<TorrentChunks>;
  /** The info dictionary of a torrent opened before, as it was hashed (the caller verifies it); undefined when there is none. */
  loadInfo(infoHash: InfoHash): Promise<Bytes | undefined>;
  /**
   * Notes of the store's owner about a torrent (what was watched when, and where it was left), as they were saved last; undefined when
   * there are none. A crash may spoil them: the reader validates, and does without.
   */
  loadIndex(infoHash: InfoHash): Promise<Bytes | undefined>;
  /** Replaces the notes (the buffer is given away); a no-op when the torrent is unknown. Removing the torrent removes them. @throws {StoreError} `full`, `io` */
  saveIndex(infoHash: InfoHash, bytes: Bytes): Promise<void>;
  /** Every torrent the store holds, open or not. */
  list(): Promise<readonly StoredTorrent[]>;
  /** Forgets a torrent and frees its room; a no-op when it is unknown. @throws {StoreError} `busy` while it is open. */
  remove(infoHash: InfoHash): Promise<void>;
  /** Closes every open torrent durably. Calls after it reject with `closed`. */
  close(): Promise<void>;
}

export interface StoredTorrent {
  readonly infoHash: InfoHash;
  /** Size of its pieces. */
  readonly storedBytes: number;
  /** What they take of the medium, which may be more: see `TorrentChunks.piecesPerUnit`. */
  readonly roomBytes: number;
}

/** The pieces of one open torrent. */
export interface TorrentChunks {
  /** The pieces held when it was opened: each was written whole and made durable before its bit was. The caller's to keep and change. */
  readonly verifiedAtOpen: Bitfield;
  /** What `saveHashes` was given last; undefined when nothing was. The caller's, and the caller verifies it. */
  readonly hashesAtOpen: Bytes | undefined;
  /**
   * Keeps hashes that are no part of the info dictionary (piece layers, BEP 52), in place of those kept before. Durable when it resolves;
   * after a crash meanwhile there may be none.
   * @throws {StoreError} `full`, `io`, `closed`.
   */
  saveHashes(bytes: Bytes): Promise<void>;
  /**
   * Those of them that a store which was never closed wrote: a crash came between, and a disk may promise more than it keeps. Whoever
   * reads one verifies it first, and calls `prove` or `evict`. The caller's to keep and change.
   */
  readonly unproven: Bitfield;
  /**
   * The medium keeps runs of so many pieces together (1 and more; the last run may be shorter) and gives the room of a run back from
   * its end: a run takes as much as lies between its beginning and the end of the last piece held in it.
   */
  readonly piecesPerUnit: number;
  /** They are files of the viewer's own: all there, never written to, never let go of, and no room of the store's. */
  readonly isLent?: boolean;
  /**
   * Takes a verified piece of exactly its size; the buffer is given away (it may be transferred and must not be used again). Resolves
   * when it can be read back, with the piece in a buffer that is the caller's if the store has no use for it any more; it survives a crash
   * from the next commit on, at most a second later. Writing a piece again is a no-op.
   * @throws {StoreError} `full` when there is no room: nothing is lost and the caller may try again, `io`, `closed`.
   */
  write(piece: number, bytes: Bytes): Promise<Bytes | undefined>;
  /**
   * Reads a run of the torrent's bytes that may cross pieces. The buffer is the caller's.
   * @throws {StoreError} `missing` when it touches a piece that is not held, `changed` when files that are lent are not what they were,
   * `io`, `closed`.
   */
  read(offsetBytes: number, lengthBytes: number): Promise<Bytes>;
  /**
   * As `read`, for who only looks: a view, not to be changed nor given away. A whole piece stays in memory for a while, for those who
   * `peek` next.
   */
  view?(offsetBytes: number, lengthBytes: number): Promise<Bytes>;
  /** Whether `view` of a whole piece leaves it in memory. */
  readonly keepsPieces?: boolean;
  /**
   * The run, where it need not be waited for: a view of what the store holds in memory, not to be changed, and good for as long as it is kept.
   * Undefined where `read` has to be asked.
   */
  peek?(offsetBytes: number, lengthBytes: number): Bytes | undefined;
  /** A piece of `unproven` was verified again: from now on it is trusted, after the next commit also by later stores. */
  prove(piece: number): void;
  /**
   * Lets go of pieces: missing from the moment of the call on, for later stores as soon as it resolves, when their room is given back
   * too. They may be written again. Pieces that are not held are passed over.
   * @throws {StoreError} `io`, `closed`
   */
  evict(pieces: readonly number[]): Promise<void>;
  /** Resolves once everything written so far is durable and marked so. */
  commit(): Promise<void>;
  /** Commits and closes. */
  close(): Promise<void>;
}

export const STORE_ERROR_CODES = ['missing', 'changed', 'full', 'busy', 'closed', 'io'] as const;
export type StoreErrorCode = (typeof STORE_ERROR_CODES)[number];

export class StoreError extends Error {
  readonly code: StoreErrorCode;

  /** Where its code says too little to tell the viewer by. */
  readonly notice: Notice | undefined;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions & { readonly notice?: Notice }) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
    this.notice = options?.notice;
  }
}
