import { expect, test } from 'vitest';
import { StoredFilm } from '@/src/engine/stored-film';
import { pieceSizeBytes } from '@/src/protocol/torrent-info';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { withReadCache } from '@/src/store/read-cache';
import { DownloadBench, UNIT } from './download-bench';

test('B5: a piece that a crash left is handed out once it is verified again, and is in memory then; the others at once', async () => {
  const { engine, info, film } = new DownloadBench({ pieces: 3 });
  const store = createMemoryChunkStore();
  const cached = await withReadCache(store).open(info);
  for (let piece = 0; piece < 3; piece++) {
    await cached.write(piece, film.slice(piece * info.pieceLengthBytes, (piece + 1) * info.pieceLengthBytes));
  }
  for (const piece of [0, 2]) await cached.view?.(piece * info.pieceLengthBytes, pieceSizeBytes(info, piece));
  cached.unproven.add(1);
  cached.unproven.add(2);
  const open = async () => cached;
  const stored = await StoredFilm.open({
    engine: { ...engine, store: { ...store, open, loadIndex: async () => undefined } },
    info,
    makeRoom: async () => () => undefined,
  });
  const blockOf = (piece: number): Uint8Array => film.slice(piece * info.pieceLengthBytes).subarray(0, UNIT);
  expect(stored.peek(0, UNIT)).toEqual(blockOf(0));
  expect(cached.peek?.(2 * info.pieceLengthBytes, UNIT)).toEqual(blockOf(2));
  expect(stored.peek(2 * info.pieceLengthBytes, UNIT)).toBeUndefined();
  for (const piece of [1, 2]) {
    expect(await stored.view(piece * info.pieceLengthBytes, UNIT)).toEqual(blockOf(piece));
    expect(stored.peek(piece * info.pieceLengthBytes, UNIT)).toEqual(blockOf(piece));
  }
});
