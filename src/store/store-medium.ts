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
  /** Room the pieces of a torrent that is not open take. */
  storedBytes(infoHash: InfoHash): Promise<number>;
  remove(infoHash: InfoHash): Promise<void>;
}

export interface TorrentMedium {
  /** The pieces that were marked durable when the torrent was opened; never changed here. */
  readonly verified: Bitfield;
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
  saveVerified(verified: Bitfield): Promise<void>;
  close(): Promise<void>;
}
