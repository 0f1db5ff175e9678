import type { InfoHash } from '@/src/protocol/ids';
import type { TorrentInfo } from '@/src/protocol/torrent-info';

export const KIB = 1024;

/** A torrent as the scheduler sees it: files one after another; no hash is real. */
export function sampleInfo(pieceLengthBytes: number, fileLengths: readonly number[]): TorrentInfo {
  let offsetBytes = 0;
  const files = fileLengths.map((lengthBytes, index) => {
    const file = { index, path: [`film ${index}.mp4`], lengthBytes, offsetBytes, padding: false };
    offsetBytes += lengthBytes;
    return file;
  });
  const pieceCount = Math.ceil(offsetBytes / pieceLengthBytes);
  return {
    infoHash: '0'.repeat(40) as InfoHash,
    name: 'sample',
    pieceLengthBytes,
    pieceCount,
    totalBytes: offsetBytes,
    pieceHashes: new Uint8Array(pieceCount * 20),
    files,
    isPrivate: false,
    infoBytes: new Uint8Array(100),
  };
}
