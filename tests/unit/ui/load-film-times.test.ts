import { readFile } from 'node:fs/promises';
import { signal } from '@preact/signals';
import { expect, test } from 'vitest';
import type { ByteRun } from '@/src/protocol/engine-api';
import type { FilePart } from '@/src/ui/player/join-session';
import { loadFilmTimes } from '@/src/ui/player/load-film-times';
import { filmPath } from '@/tests/support/films';
import { exampleFile, exampleSession } from './session-examples';

const FILM = new Uint8Array(await readFile(filmPath('uneven/moov-at-end.mp4')));
const MOOV_AT_BYTES = 262_454;

/** A film whose pieces come as the test says, and an engine that answers for them. */
class ComingFilm {
  readonly session = signal(exampleSession({ files: [] }));
  readonly stopping = new AbortController();
  readonly asked: FilePart[] = [];
  /** The next so many answers: it is not here after all. */
  lost = 0;
  readonly times = this.#load();

  comes(...verifiedRuns: readonly ByteRun[]): void {
    this.session.value = exampleSession({ files: [exampleFile({ lengthBytes: FILM.length, verifiedRuns })] });
  }

  async #load() {
    this.comes();
    return loadFilmTimes({
      session: this.session,
      fileIndex: 0,
      durationS: 16,
      signal: this.stopping.signal,
      readVerified: async (part) => {
        this.asked.push(part);
        if (this.lost-- > 0) return undefined;
        return FILM.slice(part.startBytes, part.startBytes + part.lengthBytes);
      },
    });
  }
}

test('the index is read as it comes, and nothing is asked for that is not here', async () => {
  const film = new ComingFilm();
  film.comes({ startBytes: 0, endBytes: 16_384 });
  await expect.poll(() => film.asked.length).toBe(4);
  film.comes({ startBytes: 0, endBytes: 16_384 }, { startBytes: 255_000, endBytes: 265_000 });
  await expect.poll(() => film.asked.length).toBe(5);
  film.comes({ startBytes: 0, endBytes: 16_384 }, { startBytes: 255_000, endBytes: FILM.length });
  const times = await film.times;
  expect(times?.([{ startBytes: 0, endBytes: FILM.length }])).toEqual([{ start: 0, end: 1 }]);
  expect(film.asked.filter(({ startBytes, lengthBytes }) => startBytes + lengthBytes > 100 && startBytes < MOOV_AT_BYTES)).toEqual([]);
});

test('what went before it was read is asked for again with the next that is told of the film', async () => {
  const film = new ComingFilm();
  film.lost = 1;
  film.comes({ startBytes: 0, endBytes: FILM.length });
  await expect.poll(() => film.asked.length).toBe(1);
  film.comes({ startBytes: 0, endBytes: FILM.length });
  expect(await film.times).toBeTypeOf('function');
  expect(film.asked[1]).toEqual(film.asked[0]);
});

test('with another film the wait for the index of this one is over', async () => {
  const film = new ComingFilm();
  film.stopping.abort(new Error('another film'));
  await expect(film.times).rejects.toThrow('another film');
  film.comes({ startBytes: 0, endBytes: FILM.length });
  expect(film.asked).toEqual([]);
});
