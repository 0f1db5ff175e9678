import type { Bytes } from '@/src/base/bytes';
import { pieceSizeBytes } from '@/src/protocol/torrent-info';
import type { ChunkStore } from '@/src/store/chunk-store';
import { checkBytes } from '@/tests/contract/check';
import { sampleTorrent } from '@/tests/contract/sample-torrent';

export interface Throughput {
  readonly writeMBPerSecond: number;
  readonly readMBPerSecond: number;
}

const READ_BYTES = 512 * 1024;
/** A download has a few pieces in the making at any time. */
const PIECES_AT_ONCE = 4;

/** Writes a whole torrent durably, reads it back as a player would, and checks every read's first and last stamp. */
export async function transferLargePieces(store: ChunkStore, pieceLengthBytes: number, totalBytes: number): Promise<Throughput> {
  const { info } = sampleTorrent({ seed: 200, pieceLengthBytes, totalBytes });
  const chunks = await store.open(info);
  let inMemoryMs = 0;
  const writeMs = await timed(async () => {
    for (let first = 0; first < info.pieceCount; first += PIECES_AT_ONCE) {
      const beforeMs = performance.now();
      const pieces = Array.from({ length: Math.min(PIECES_AT_ONCE, info.pieceCount - first) }, (_, index) => first + index).map(
        (piece) => ({
          piece,
          bytes: stamped(piece * pieceLengthBytes, pieceSizeBytes(info, piece)),
        }),
      );
      inMemoryMs += performance.now() - beforeMs;
      await Promise.all(pieces.map(({ piece, bytes }) => chunks.write(piece, bytes)));
    }
    await chunks.commit();
  });
  const readMs = await timed(async () => {
    for (let offset = 0; offset < totalBytes; offset += READ_BYTES) {
      const bytes = await chunks.read(offset, Math.min(READ_BYTES, totalBytes - offset));
      checkBytes(bytes.subarray(0, STAMP_BYTES), stamped(offset, STAMP_BYTES), `stamp at ${offset}`);
      const last = bytes.length - STAMP_EVERY_BYTES;
      checkBytes(bytes.subarray(last, last + STAMP_BYTES), stamped(offset + last, STAMP_BYTES), `stamp at ${offset + last}`);
    }
  });
  await chunks.close();
  await store.remove(info.infoHash);
  await store.close();
  return { writeMBPerSecond: totalBytes / 1000 / (writeMs - inMemoryMs), readMBPerSecond: totalBytes / 1000 / readMs };
}

const STAMP_BYTES = 4;
const STAMP_EVERY_BYTES = 1024;

/** Bytes that tell where in the torrent they are: cheap to make, since making them is not what is measured. */
function stamped(offsetBytes: number, lengthBytes: number): Bytes {
  const bytes = new Uint8Array(lengthBytes);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + STAMP_BYTES <= lengthBytes; at += STAMP_EVERY_BYTES) view.setUint32(at, (offsetBytes + at) / STAMP_BYTES);
  return bytes;
}

async function timed(task: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await task();
  return performance.now() - startMs;
}
