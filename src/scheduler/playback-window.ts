import type { TorrentFile, TorrentInfo } from '@/src/protocol/torrent-info';

/*
 * What playback needs next. Weighs, in this order:
 * 1. the pieces right under each playhead (a stream waits for them now);
 * 2. the first and last bytes of each chosen file (container headers and indexes sit there: MP4 `moov`, Matroska cues);
 * 3. the rest of each playhead's window, nearest first, playheads taking turns.
 * Everything else of the chosen files comes later, rarest first (piece-picker), but for what was let go of to make room: that comes
 * again when a window reaches it. Of a film that does not fit into the store only the stretch ahead of each playhead is wanted.
 */

export interface Playhead {
  readonly fileIndex: number;
  /** Next byte of the file its reader will ask for. */
  readonly positionBytes: number;
}

export interface PlaybackFacts {
  readonly info: TorrentInfo;
  readonly selectedFiles: ReadonlySet<number>;
  readonly playheads: readonly Playhead[];
  /** How far ahead of a playhead pieces are urgent. */
  readonly windowBytes: number;
  /** How far ahead of each playhead a film that does not fit is wanted. Left out: all of the chosen files is. */
  readonly aheadBytes?: number;
  /** Pieces evicted from the store, not wanted again for their own sake. */
  readonly released?: ReadonlySet<number>;
}

export interface PlaybackPlan {
  /** Urgent pieces, most urgent first, each once. */
  readonly urgent: readonly number[];
  /** Pieces of the chosen files as [first, last] in ascending order, not overlapping. */
  readonly wanted: readonly PieceRange[];
}

export interface PieceRange {
  readonly first: number;
  readonly last: number;
}

const UNDER_PLAYHEAD_BYTES = 256 * 1024;
const FILE_EDGE_BYTES = 128 * 1024;

export function planPlayback(facts: PlaybackFacts): PlaybackPlan {
  const { info, selectedFiles, playheads, windowBytes } = facts;
  const files = info.files.filter((file) => selectedFiles.has(file.index) && file.lengthBytes > 0);
  const urgent = new Set<number>();
  const windows = playheads.flatMap(({ fileIndex, positionBytes }) => {
    const file = info.files[fileIndex];
    if (file === undefined || positionBytes >= file.lengthBytes) return [];
    return [{ file, positionBytes }];
  });
  for (const { file, positionBytes } of windows) {
    addRange(urgent, piecesOf(info, file, positionBytes, positionBytes + UNDER_PLAYHEAD_BYTES));
  }
  for (const file of files) {
    addRange(urgent, piecesOf(info, file, 0, FILE_EDGE_BYTES));
    addRange(urgent, piecesOf(info, file, file.lengthBytes - FILE_EDGE_BYTES, file.lengthBytes));
  }
  addInTurns(
    urgent,
    windows.map(({ file, positionBytes }) => piecesOf(info, file, positionBytes, positionBytes + windowBytes)),
  );
  const { aheadBytes = Number.POSITIVE_INFINITY, released = new Set<number>() } = facts;
  const wanted = Number.isFinite(aheadBytes)
    ? mergeRanges(windows.map(({ file, positionBytes }) => piecesOf(info, file, positionBytes, positionBytes + aheadBytes)))
    : cutOut(chosenRanges(info, selectedFiles), released);
  return { urgent: [...urgent], wanted };
}

/** The pieces of the chosen files. */
export function chosenRanges(info: TorrentInfo, selectedFiles: ReadonlySet<number>): readonly PieceRange[] {
  const files = info.files.filter((file) => selectedFiles.has(file.index) && file.lengthBytes > 0);
  return mergeRanges(files.map((file) => piecesOf(info, file, 0, file.lengthBytes)));
}

/** The pieces that hold a file's bytes from `start` up to, not including, `end`; both are cut to the file. */
export function piecesOf(info: Pick<TorrentInfo, 'pieceLengthBytes'>, file: TorrentFile, start: number, end: number): PieceRange {
  const from = file.offsetBytes + Math.max(0, Math.min(start, file.lengthBytes - 1));
  const to = file.offsetBytes + Math.max(1, Math.min(end, file.lengthBytes)) - 1;
  return { first: Math.floor(from / info.pieceLengthBytes), last: Math.floor(to / info.pieceLengthBytes) };
}

function addRange(pieces: Set<number>, { first, last }: PieceRange): void {
  for (let piece = first; piece <= last; piece++) pieces.add(piece);
}

function addInTurns(pieces: Set<number>, ranges: readonly PieceRange[]): void {
  const longest = Math.max(0, ...ranges.map(({ first, last }) => last - first + 1));
  for (let step = 0; step < longest; step++) {
    for (const { first, last } of ranges) if (first + step <= last) pieces.add(first + step);
  }
}

function cutOut(ranges: readonly PieceRange[], pieces: ReadonlySet<number>): readonly PieceRange[] {
  if (pieces.size === 0) return ranges;
  return ranges.flatMap(({ first, last }) => {
    const kept: { first: number; last: number }[] = [];
    for (let piece = first; piece <= last; piece++) {
      if (pieces.has(piece)) continue;
      const run = kept.at(-1);
      if (run?.last === piece - 1) run.last = piece;
      else kept.push({ first: piece, last: piece });
    }
    return kept;
  });
}

function mergeRanges(ranges: readonly PieceRange[]): PieceRange[] {
  const merged: { first: number; last: number }[] = [];
  for (const range of [...ranges].sort((left, right) => left.first - right.first)) {
    const previous = merged.at(-1);
    if (previous !== undefined && range.first <= previous.last + 1) previous.last = Math.max(previous.last, range.last);
    else merged.push({ ...range });
  }
  return merged;
}
