import type { Bitfield } from '@/src/base/bitfield';
import type { ByteRun } from '@/src/protocol/engine-api';
import { piecesOf } from '@/src/scheduler/playback-window';
import type { TorrentFile, TorrentInfo } from '@/src/protocol/torrent-info';

/** More could not be told apart on a seek bar. */
const MAX_RUNS = 200;

/**
 * What of a file is verified, in order, counted from its beginning. Where there are more runs than 200 the shortest are left out: never
 * more is shown than is there.
 */
export function verifiedRuns(info: TorrentInfo, file: TorrentFile, verified: Bitfield): ByteRun[] {
  if (file.lengthBytes === 0) return [];
  const { first, last } = piecesOf(info, file, 0, file.lengthBytes);
  const runs: { startBytes: number; endBytes: number }[] = [];
  for (let piece = first; piece <= last; piece++) {
    if (!verified.has(piece)) continue;
    const startBytes = Math.max(0, piece * info.pieceLengthBytes - file.offsetBytes);
    const endBytes = Math.min(file.lengthBytes, (piece + 1) * info.pieceLengthBytes - file.offsetBytes);
    const before = runs.at(-1);
    if (before?.endBytes === startBytes) before.endBytes = endBytes;
    else runs.push({ startBytes, endBytes });
  }
  if (runs.length <= MAX_RUNS) return runs;
  const lengths = runs.map(lengthOf).toSorted((left, right) => right - left);
  const shortest = lengths[MAX_RUNS - 1] ?? 0;
  return runs.filter((run) => lengthOf(run) >= shortest).slice(0, MAX_RUNS);
}

function lengthOf({ startBytes, endBytes }: ByteRun): number {
  return endBytes - startBytes;
}
