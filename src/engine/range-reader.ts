import type { Bytes } from '@/src/base/bytes';
import type { TorrentFile } from '@/src/protocol/torrent-info';
import type { Playhead } from '@/src/scheduler/playback-window';
import type { ActiveTorrent } from './active-torrent';
import type { OpenedStream } from './engine-interface';

/** Reads one file from a byte on, as verified bytes become available; where it is, is a playhead. */
export class RangeReader implements OpenedStream {
  readonly fileLengthBytes: number;
  readonly contentType: string;
  readonly #torrent: ActiveTorrent;
  readonly #file: TorrentFile;
  readonly #signal: AbortSignal;
  readonly #startBytes: number;
  #positionBytes: number;
  #hasRead = false;

  constructor(torrent: ActiveTorrent, file: TorrentFile, contentType: string, startBytes: number, signal: AbortSignal) {
    this.#torrent = torrent;
    this.#file = file;
    this.#signal = signal;
    this.#startBytes = startBytes;
    this.#positionBytes = startBytes;
    this.fileLengthBytes = file.lengthBytes;
    this.contentType = contentType;
  }

  /** Where it began. */
  get firstPlayhead(): Playhead {
    return { fileIndex: this.#file.index, positionBytes: this.#startBytes };
  }

  get playhead(): Playhead {
    return { fileIndex: this.#file.index, positionBytes: this.#positionBytes };
  }

  async read(maxBytes: number): Promise<Bytes> {
    this.#signal.throwIfAborted();
    const { info, verified, chunks } = this.#torrent;
    const leftBytes = this.#file.lengthBytes - this.#positionBytes;
    if (leftBytes <= 0 || maxBytes <= 0) return new Uint8Array(0);
    const startBytes = this.#file.offsetBytes + this.#positionBytes;
    const firstPiece = Math.floor(startBytes / info.pieceLengthBytes);
    if (!verified.has(firstPiece)) await this.#torrent.whenVerified(firstPiece, this.#signal, this.#hasRead);
    const wantedBytes = Math.min(maxBytes, leftBytes);
    let endBytes = (firstPiece + 1) * info.pieceLengthBytes;
    while (endBytes < startBytes + wantedBytes && verified.has(endBytes / info.pieceLengthBytes)) endBytes += info.pieceLengthBytes;
    const lengthBytes = Math.min(wantedBytes, endBytes - startBytes);
    const bytes = await chunks.read(startBytes, lengthBytes);
    this.#signal.throwIfAborted();
    this.#hasRead = true;
    this.#positionBytes += lengthBytes;
    this.#torrent.movePlayheads(Math.floor((startBytes + lengthBytes) / info.pieceLengthBytes) !== firstPiece);
    return bytes;
  }
}
