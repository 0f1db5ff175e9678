import type { Bytes } from '@/src/base/bytes';
import { parseInfoHash } from '@/src/protocol/ids';
import { pieceSizeBytes, type TorrentFile, type TorrentInfo } from '@/src/protocol/torrent-info';

export interface SampleTorrent {
  readonly info: TorrentInfo;
  /** A fresh copy of a piece. */
  piece(index: number): Bytes;
  run(offsetBytes: number, lengthBytes: number): Bytes;
}

export interface SampleOptions {
  /** Tells torrents apart, 0 to 255. */
  readonly seed?: number;
  readonly pieceLengthBytes?: number;
  readonly totalBytes?: number;
  /** Lengths of its files; padding where negative. Default: a few that end inside of pieces, one of them empty. */
  readonly fileLengths?: readonly number[];
}

/** A torrent as a store sees it: no piece hash fits, since stores do not verify. */
export function sampleTorrent(options: SampleOptions = {}): SampleTorrent {
  const { seed = 1, pieceLengthBytes = 1000, totalBytes = 9500 } = options;
  const files = sampleFiles(options.fileLengths ?? defaultLengths(totalBytes));
  const infoHash = parseInfoHash(seed.toString(16).padStart(40, '0'));
  if (infoHash === undefined) throw new Error('the seed makes an info hash');
  const pieceCount = Math.ceil(totalBytes / pieceLengthBytes);
  const info: TorrentInfo = {
    infoHash,
    name: `sample ${seed}`,
    pieceLengthBytes,
    pieceCount,
    totalBytes,
    pieceHashes: new Uint8Array(pieceCount * 20),
    files,
    isPrivate: false,
    infoBytes: new TextEncoder().encode(`info of sample ${seed}`),
  };
  const run = (offsetBytes: number, lengthBytes: number): Bytes => {
    const bytes = Uint8Array.from({ length: lengthBytes }, (_, index) => byteAt(seed, offsetBytes + index));
    for (const { padding, offsetBytes: start, lengthBytes: length } of files) {
      if (padding) bytes.fill(0, Math.max(0, start - offsetBytes), Math.max(0, start + length - offsetBytes));
    }
    return bytes;
  };
  return { info, run, piece: (index) => run(index * pieceLengthBytes, pieceSizeBytes(info, index)) };
}

function defaultLengths(totalBytes: number): number[] {
  const first = Math.floor(totalBytes * 0.37);
  const second = Math.floor(totalBytes * 0.11);
  return [first, 0, second, totalBytes - first - second];
}

function sampleFiles(lengths: readonly number[]): TorrentFile[] {
  let offsetBytes = 0;
  return lengths.map((length, index) => {
    const lengthBytes = Math.abs(length);
    const padding = length < 0;
    const file = {
      index,
      path: padding ? ['.pad', String(lengthBytes)] : [`part ${index}`, 'film.bin'],
      lengthBytes,
      offsetBytes,
      padding,
    };
    offsetBytes += lengthBytes;
    return file;
  });
}

/** No two pieces are alike, nor a piece at another place, nor another torrent's. */
function byteAt(seed: number, offset: number): number {
  return (Math.imul(offset + 1, 0x9e37_79b1) ^ Math.imul(seed + 1, 0x85eb_ca6b)) >>> 24;
}
