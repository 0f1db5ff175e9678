import type { Bitfield } from '@/src/base/bitfield';
import { chooseFile } from '@/src/protocol/file-choice';
import { fileKind } from '@/src/protocol/file-kind';
import { BLOCK_UNIT_BYTES, type BlockRange } from '@/src/protocol/peer-messages';
import type { PushGrant } from '@/src/protocol/push-grant';
import { pieceSizeBytes, type TorrentInfo } from '@/src/protocol/torrent-info';
import type { PushedRun } from './push-inbox';

/**
 * What is sent unasked to a newcomer besides the whole dictionary: of the file that will play as much of its head as is here and fits in the
 * grant. Undefined where not even the dictionary fits: a part of it would only delay what the newcomer asks for.
 */
export function planPush(info: TorrentInfo, verified: Bitfield, grant: PushGrant): PushedRun | undefined {
  let leftBytes = grant.bytes - info.infoBytes.length;
  if (leftBytes < 0) return undefined;
  const files = info.files.filter(({ padding }) => !padding);
  const choice = chooseFile(
    files.map(({ index, path }) => ({ index, kind: fileKind(path.at(-1) ?? '') })),
    grant.fileIndex,
  );
  const file = choice.kind === 'chosen' ? info.files[choice.fileIndex] : undefined;
  const firstPiece = Math.floor((file?.offsetBytes ?? 0) / info.pieceLengthBytes);
  const endBytes = file === undefined ? 0 : file.offsetBytes + file.lengthBytes;
  let lengthBytes = 0;
  for (let piece = firstPiece; piece * info.pieceLengthBytes < endBytes && verified.has(piece); piece++) {
    const sizeBytes = pieceSizeBytes(info, piece);
    // A shorter piece in the midst ends the run: what follows it does not begin on the grid.
    const takenBytes = sizeBytes <= leftBytes ? sizeBytes : leftBytes - (leftBytes % BLOCK_UNIT_BYTES);
    lengthBytes += takenBytes;
    leftBytes -= takenBytes;
    if (takenBytes < info.pieceLengthBytes) break;
  }
  return { piece: firstPiece, lengthBytes };
}

/** SPEC N3: its blocks, of 16 KiB each but for the end of a piece. Undefined when the torrent has no such run. */
export function blocksOfRun(info: TorrentInfo, { piece, lengthBytes }: PushedRun): BlockRange[] | undefined {
  const blocks: BlockRange[] = [];
  let leftBytes = lengthBytes;
  for (let at = piece; leftBytes > 0; at++) {
    if (at >= info.pieceCount) return undefined;
    const sizeBytes = pieceSizeBytes(info, at);
    for (let offsetBytes = 0; offsetBytes < sizeBytes && leftBytes > 0; offsetBytes += BLOCK_UNIT_BYTES) {
      const blockBytes = Math.min(BLOCK_UNIT_BYTES, sizeBytes - offsetBytes);
      if (blockBytes > leftBytes) return undefined;
      blocks.push({ piece: at, offsetBytes, lengthBytes: blockBytes });
      leftBytes -= blockBytes;
    }
  }
  return blocks;
}
