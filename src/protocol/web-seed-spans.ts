import { asDictionary, readBencode } from './bencode';
import type { TorrentFile, TorrentInfo } from './torrent-info';

/** A run of bytes inside one file of a torrent. */
export interface FileSpan {
  readonly file: TorrentFile;
  /** First byte, counted from the start of the file. */
  readonly startBytes: number;
  readonly lengthBytes: number;
}

/** Cuts a run of the torrent's bytes at the ends of files; empty files take no part. */
export function fileSpans(info: Pick<TorrentInfo, 'files'>, startBytes: number, lengthBytes: number): FileSpan[] {
  const endBytes = startBytes + lengthBytes;
  return info.files
    .filter((file) => file.offsetBytes < endBytes && file.offsetBytes + file.lengthBytes > startBytes && file.lengthBytes > 0)
    .map((file) => {
      const from = Math.max(startBytes, file.offsetBytes);
      const to = Math.min(endBytes, file.offsetBytes + file.lengthBytes);
      return { file, startBytes: from - file.offsetBytes, lengthBytes: to - from };
    });
}

/**
 * Where a web seed keeps a file (BEP 19). A single file is the address itself, or lies below it under the torrent's name if the address
 * ends with a slash; the files of a folder lie below the address, under the folder's name. The slash is added where a maker forgot it.
 */
export function webSeedFileUrl(info: Pick<TorrentInfo, 'name'>, isFolder: boolean, seedUrl: string, file: TorrentFile): string {
  const base = seedUrl.replace(/#.*$/s, '');
  if (!isFolder) return base.endsWith('/') ? `${base}${encodeSegment(info.name)}` : base;
  const path = [info.name, ...file.path].map(encodeSegment).join('/');
  return base.endsWith('/') ? `${base}${path}` : `${base}/${path}`;
}

/** Whether the torrent is a folder (BEP 3: its dictionary has `files`), if of only one file. */
export function isFolderTorrent(info: Pick<TorrentInfo, 'infoBytes' | 'files'>): boolean {
  if (info.files.length !== 1) return true;
  const result = readBencode(info.infoBytes, { allowUnsortedKeys: true });
  return result.ok && asDictionary(result.value)?.has('files') === true;
}

/** Half a surrogate pair would make encodeURIComponent throw. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.toWellFormed());
}
