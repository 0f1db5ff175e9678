import type { Bitfield } from '@/src/base/bitfield';
import type { Bytes } from '@/src/base/bytes';
import type { InfoHash } from '@/src/protocol/ids';
import type { TorrentGeometry } from './torrent-geometry';

/**
 * Where a `MediumChunkStore` puts its torrents. A medium only moves bytes: what is open, held, durable or closed is kept above it,
 * so it is never asked for a torrent twice at once, for a piece that is not held, or for anything after `close`.
 */
export interface StoreMedium<Info extends TorrentGeometry = TorrentGeometry> {
  openTorrent(info: Info): Promise<TorrentMedium>;
  loadInfo(infoHash: InfoHash): Promise<Bytes | undefined>;
  list(): Promise<readonly InfoHash[]>;
  /** Size of the pieces of a torrent that is not open, and the room they take. */
  sizeOf(infoHash: InfoHash): Promise<StoredSize>;
  loadIndex(infoHash: InfoHash): Promise<Bytes | undefined>;
  /** A no-op when the torrent is unknown. */
  saveIndex(infoHash: InfoHash, bytes: Bytes): Promise<void>;
  remove(infoHash: InfoHash): Promise<void>;
}

export interface StoredSize {
  readonly storedBytes: number;
  readonly roomBytes: number;
}

/** Which pieces are durable, and which of those are trusted without another look: closed in order, or verified again since. */
export interface DurablePieces {
  readonly verified: Bitfield;
  /** Of `verified`. */
  readonly proven: Bitfield;
}

export interface TorrentMedium {
  /** As it was marked when the torrent was opened; never changed here. */
  readonly durable: DurablePieces;
  /** See `TorrentChunks.piecesPerUnit`. */
  readonly piecesPerUnit: number;
  /** See `TorrentChunks.isLent`. */
  readonly isLent?: boolean;
  /** What was saved last. */
  readonly hashes: Bytes | undefined;
  /** Never called again before it has resolved. */
  saveHashes(bytes: Bytes): Promise<void>;
  /** Takes over a whole piece that starts at this byte of the torrent. */
  write(offsetBytes: number, bytes: Bytes): Promise<void>;
  read(offsetBytes: number, lengthBytes: number): Promise<Bytes>;
  /** Makes every write that resolved before the call durable. */
  flush(): Promise<void>;
  /** Durably marks these pieces; called only after the `flush` that made them durable. */
  saveVerified(durable: DurablePieces): Promise<void>;
  /**
   * Durably marks these pieces only, in a way that no crash brings back what was marked before; then gives back the room that no piece
   * of `held` needs. Nothing is read or written meanwhile but pieces of `held`, and none is written that is in the same unit.
   */
  free(durable: DurablePieces, held: Bitfield): Promise<void>;
  close(): Promise<void>;
}
