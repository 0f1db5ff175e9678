import type { TreeFile } from './file-tree-entries';
import { bad, MAX_TOTAL_BYTES } from './metainfo-refusal';
import type { TorrentFile } from './torrent-info';

/** As many as a v1 dictionary of the size we take could name. A piece's hash takes 32 bytes of memory. */
const MAX_PIECES = 512 * 1024;

/**
 * Where the files of a v2 torrent lie: each that is not empty begins with a piece. What is free in between is padding, where we and
 * libtorrent put it in hybrid torrents, too: right behind the file, unless only empty ones follow.
 * @throws {Refusal}
 */
export function alignFiles(
  tree: readonly TreeFile[],
  pieceLengthBytes: number,
): { readonly files: readonly TorrentFile[]; readonly shortPieces: ReadonlyMap<number, number> } {
  const files: TorrentFile[] = [];
  const shortPieces = new Map<number, number>();
  const lastFilled = tree.findLastIndex(({ lengthBytes }) => lengthBytes > 0);
  let offsetBytes = 0;
  for (const [at, { path, lengthBytes, piecesRoot }] of tree.entries()) {
    const overhangBytes = offsetBytes % pieceLengthBytes;
    if (overhangBytes > 0 && at <= lastFilled) {
      const gapBytes = pieceLengthBytes - overhangBytes;
      shortPieces.set(Math.floor(offsetBytes / pieceLengthBytes), overhangBytes);
      files.push({ index: files.length, path: ['.pad', String(gapBytes)], lengthBytes: gapBytes, offsetBytes, padding: true });
      offsetBytes += gapBytes;
    }
    files.push({
      index: files.length,
      path,
      lengthBytes,
      offsetBytes,
      padding: false,
      ...(piecesRoot === undefined ? {} : { piecesRoot }),
    });
    offsetBytes += lengthBytes;
    if (offsetBytes > MAX_TOTAL_BYTES) bad('it claims to be larger than a pebibyte');
  }
  if (offsetBytes > MAX_PIECES * pieceLengthBytes) bad(`it has more than ${MAX_PIECES} pieces`);
  return { files, shortPieces };
}

/**
 * The files of a hybrid torrent: its two lists have to be one but for padding, with every file at the start of a piece (BEP 52, "upgrade
 * path"). Else those who came by one hash and those who came by the other would mean different bytes.
 * @throws {Refusal}
 */
export function joinFileLists(listed: readonly TorrentFile[], tree: readonly TreeFile[], pieceLengthBytes: number): readonly TorrentFile[] {
  let at = 0;
  const files = listed.map((file) => {
    if (file.padding) return file;
    const twin = tree[at++];
    if (twin === undefined || twin.lengthBytes !== file.lengthBytes || twin.path.join('/') !== file.path.join('/')) disagree();
    if (file.lengthBytes > 0 && file.offsetBytes % pieceLengthBytes !== 0) disagree();
    return twin.piecesRoot === undefined ? file : { ...file, piecesRoot: twin.piecesRoot };
  });
  if (at !== tree.length) disagree();
  return files;
}

function disagree(): never {
  return bad('its list of files for v1 and the one for v2 do not agree');
}
