import type { DirectoryLayout } from './directory-medium';
import { extentLayout, piecesPerExtent } from './run-layout';
import type { TorrentGeometry } from './torrent-geometry';

/** Torrents in extents: files of equal size that hold whole pieces and go when nothing in them is held any more. */
export const extentLayouts: DirectoryLayout<TorrentGeometry> = {
  tagOf: (info) => extentBytes(info),
  layoutOf: (info) => extentLayout(info.totalBytes, extentBytes(info)),
  piecesPerUnit: (info) => piecesPerExtent(info),
};

function extentBytes(info: Pick<TorrentGeometry, 'pieceLengthBytes' | 'totalBytes'>): number {
  return piecesPerExtent(info) * info.pieceLengthBytes;
}
