import type { TreePath } from './file-tree';

/** A stretch of a torrent's run of bytes and the file it is kept in. */
export interface RunFile {
  /** Below the torrent's folder; undefined for padding, which is zeros and kept nowhere. */
  readonly path: TreePath | undefined;
  /** Where it starts in the torrent. */
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/** All of a torrent without a gap, in order. */
export type RunLayout = readonly RunFile[];

/** The part of a run that lies in one file. */
export interface RunSpan {
  /** Index in the layout. */
  readonly file: number;
  readonly offsetInFileBytes: number;
  readonly offsetInRunBytes: number;
  readonly lengthBytes: number;
}

const MAX_EXTENT_BYTES = 64 * 1024 * 1024;
const MIN_EXTENT_BYTES = 1024 * 1024;
const EXTENTS = 32;

/**
 * How many pieces an extent holds: whole ones, so that letting go of them empties it. About 32 extents make a film, each of 1 to 64
 * MiB: small enough for an eviction to take little more than it must, and few enough to be opened and flushed quickly.
 */
export function piecesPerExtent({
  pieceLengthBytes,
  totalBytes,
}: {
  readonly pieceLengthBytes: number;
  readonly totalBytes: number;
}): number {
  const share = 2 ** Math.ceil(Math.log2(Math.max(1, totalBytes / EXTENTS)));
  const extentBytes = Math.min(MAX_EXTENT_BYTES, Math.max(MIN_EXTENT_BYTES, share));
  return Math.max(1, Math.floor(extentBytes / pieceLengthBytes));
}

/**
 * Equal files of at most `extentBytes`. One sparse file would be charged by its logical size: writing a film's last byte would charge
 * all of it, and OPFS cannot punch holes to give room back. The price is an open file for every extent in use.
 */
export function extentLayout(totalBytes: number, extentBytes: number): RunLayout {
  return Array.from({ length: Math.ceil(totalBytes / extentBytes) }, (_, index) => ({
    path: [`extent-${String(index).padStart(5, '0')}`],
    offsetBytes: index * extentBytes,
    lengthBytes: Math.min(extentBytes, totalBytes - index * extentBytes),
  }));
}

export function spansOf(layout: RunLayout, offsetBytes: number, lengthBytes: number): RunSpan[] {
  const spans: RunSpan[] = [];
  let at = 0;
  for (let index = fileAt(layout, offsetBytes); at < lengthBytes; index++) {
    const file = layout[index];
    if (file === undefined) throw new RangeError('the run ends beyond the torrent');
    const offsetInFileBytes = offsetBytes + at - file.offsetBytes;
    const spanBytes = Math.min(file.lengthBytes - offsetInFileBytes, lengthBytes - at);
    if (spanBytes > 0) spans.push({ file: index, offsetInFileBytes, offsetInRunBytes: at, lengthBytes: spanBytes });
    at += spanBytes;
  }
  return spans;
}

/** The last file that starts at the byte or before it. */
function fileAt(layout: RunLayout, offsetBytes: number): number {
  let low = 0;
  let high = layout.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((layout[middle]?.offsetBytes ?? Infinity) <= offsetBytes) low = middle;
    else high = middle - 1;
  }
  return low;
}
