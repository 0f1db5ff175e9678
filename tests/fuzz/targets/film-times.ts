import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Bytes } from '@/src/base/bytes';
import { readFilmTimes } from '@/src/ui/state/read-film-times';
import { filmPath } from '@/tests/support/films';
import { property, type FuzzTarget } from '../fuzz-property';
import { mutatedBytes } from '../mutations';

/** Indexes of strangers' films. What lies between head and tail of such a film is zeros, as nobody should look at it. */

interface Sample {
  readonly bytes: Bytes;
  /** So many of the bytes are the head of the film, the others its tail. */
  readonly headBytes: number;
  readonly lengthBytes: number;
  readonly durationS: number;
}

function sample(name: string, headBytes: number, tailBytes: number, durationS: number): Sample {
  const film = new Uint8Array(readFileSync(filmPath(name)));
  const bytes = new Uint8Array([...film.subarray(0, headBytes), ...film.subarray(film.length - tailBytes)]);
  return { bytes, headBytes, lengthBytes: film.length, durationS };
}

const SAMPLES = [
  sample('uneven/moov-at-end.mp4', 56, 12_395, 16),
  sample('uneven/fragments.mp4', 1529, 0, 16.08),
  sample('uneven/film.mkv', 700, 300, 16.021),
];

const films = fc.constantFrom(...SAMPLES).chain((one) => mutatedBytes(fc.constant(one.bytes)).map((bytes) => ({ ...one, bytes })));
const runs = fc
  .uniqueArray(fc.nat(300_000), { maxLength: 40 })
  .map((places) => places.toSorted((left, right) => left - right))
  .map((places) => places.flatMap((startBytes, at) => (at % 2 === 0 ? [{ startBytes, endBytes: places[at + 1] ?? 300_000 }] : [])));

/** The film as long as it says it is, whatever was cut out of its index or put in. */
function filmOf({ bytes, headBytes, lengthBytes }: Sample): Bytes {
  const film = new Uint8Array(lengthBytes);
  film.set(bytes.subarray(0, headBytes));
  const tail = bytes.subarray(headBytes, headBytes + lengthBytes);
  film.set(tail, lengthBytes - tail.length);
  return film;
}

export const FILM_TIMES: FuzzTarget = {
  name: 'film-times',
  runs: 300,
  properties: [
    property('an-index-is-ranges-of-the-seek-bar-or-nothing', fc.tuple(films, runs), async ([sampled, verified]) => {
      const film = filmOf(sampled);
      let readBytes = 0;
      const times = await readFilmTimes(sampled, async (startBytes, lengthBytes) => {
        readBytes += lengthBytes;
        assert.ok(startBytes >= 0 && lengthBytes > 0 && startBytes + lengthBytes <= film.length);
        return new DataView(film.buffer, startBytes, lengthBytes);
      });
      assert.ok(readBytes <= 40 * 2 ** 20);
      let before = 0;
      for (const { start, end } of times?.(verified) ?? []) {
        assert.ok(start >= before && end > start && end <= 1);
        before = end;
      }
    }),
  ],
};
