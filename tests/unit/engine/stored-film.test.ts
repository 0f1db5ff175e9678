import { expect, test } from 'vitest';
import { StoredFilm } from '@/src/engine/stored-film';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { withReadCache } from '@/src/store/read-cache';
import { DownloadBench, UNIT } from './download-bench';

test('B5: nothing is handed out at once while pieces that a crash left are not verified again', async () => {
  const { engine, info, film } = new DownloadBench({ pieces: 3 });
  const store = createMemoryChunkStore();
  const cached = await withReadCache(store).open(info);
  for (let piece = 0; piece < 3; piece++) {
    await cached.write(piece, film.slice(piece * info.pieceLengthBytes, (piece + 1) * info.pieceLengthBytes));
  }
  // Who reads in order makes it keep the whole piece.
  for (const block of [0, 1]) await cached.read(block * UNIT, UNIT);
  cached.unproven.add(2);
  const open = async () => cached;
  const stored = await StoredFilm.open({
    engine: { ...engine, store: { ...store, open, loadIndex: async () => undefined } },
    info,
    makeRoom: async () => () => undefined,
  });
  expect(cached.peek?.(0, UNIT)).toEqual(film.slice(0, UNIT));
  expect(stored.peek(0, UNIT)).toBeUndefined();
  expect(await stored.read(2 * info.pieceLengthBytes, UNIT)).toEqual(film.slice(2 * info.pieceLengthBytes).subarray(0, UNIT));
  expect(stored.peek(0, UNIT)).toEqual(film.slice(0, UNIT));
});
