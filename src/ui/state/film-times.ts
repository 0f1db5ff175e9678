import type { ByteRun } from '@/src/protocol/engine-api';
import type { FilmTimes, ShareRange } from './seek-ranges';

/** A part of a track: these bytes are these seconds. */
export interface FilmPart {
  readonly startBytes: number;
  readonly endBytes: number;
  readonly startS: number;
  readonly endS: number;
}

export interface Film {
  readonly lengthBytes: number;
  /** As the media element says; more than 0. */
  readonly durationS: number;
}

/** The bytes from here on; asked for what is no part of the file it rejects. */
export type ReadFilm = (startBytes: number, lengthBytes: number) => Promise<DataView>;

/** The index is none that is understood here, or is not that of this film. */
export class NoFilmTimes extends Error {}

/** Finer than a pixel of any screen. */
const PARTS = 4000;
/** Parts that go on after each other in the file, as they do in nearly every film, become PARTS at most; others stay apart up to here. */
const MAX_PARTS = 2 * PARTS;
/** A track may end before its film does, but the longest has to last about as long: else it is cut by edits, or goes on in fragments. */
const TOLERANCE = 0.05;

/** Puts the parts of a track together, in the order of time. @throws {NoFilmTimes} when they do not lie in the file, or are too many */
export class TrackParts {
  readonly #film: Film;
  readonly #parts: FilmPart[] = [];

  constructor(film: Film) {
    this.#film = film;
  }

  /** Begins where the last one ends. */
  add(startBytes: number, endBytes: number, endS: number): void {
    const last = this.#parts.at(-1);
    const startS = last?.endS ?? 0;
    if (!(startBytes >= 0 && endBytes > startBytes && endBytes <= this.#film.lengthBytes && endS >= startS && Number.isFinite(endS))) {
      throw new NoFilmTimes('a part does not lie in the film');
    }
    const isSmall = last !== undefined && last.endS - last.startS < this.#film.durationS / PARTS;
    if (isSmall && startBytes >= last.endBytes) this.#parts[this.#parts.length - 1] = { ...last, endBytes, endS };
    else this.#parts.push({ startBytes, endBytes, startS, endS });
    if (this.#parts.length > MAX_PARTS) throw new NoFilmTimes('the film is in too many parts');
  }

  /** The last one stands for what may come after it. */
  finish(): readonly FilmPart[] {
    const last = this.#parts.pop();
    if (last === undefined) throw new NoFilmTimes('a track is empty');
    return [...this.#parts, { ...last, endS: Math.max(last.endS, this.#film.durationS) }];
  }

  get endS(): number {
    return this.#parts.at(-1)?.endS ?? 0;
  }
}

/** @throws {NoFilmTimes} when the tracks last another time than the film */
export function filmTimes(tracks: readonly TrackParts[], film: Film): FilmTimes {
  const longestS = Math.max(0, ...tracks.map(({ endS }) => endS));
  if (Math.abs(longestS / film.durationS - 1) > TOLERANCE) throw new NoFilmTimes('the index is not of this film');
  const parts = tracks.map((track) => track.finish());
  const toShare = (seconds: number): number => Math.min(1, seconds / film.durationS);
  return (verified) =>
    parts
      .map((track) => verifiedOf(track, verified))
      .reduce(inBoth)
      .map(({ start, end }) => ({ start: toShare(start), end: toShare(end) }))
      .filter(({ start, end }) => end > start);
}

/** In seconds. @param runs in order, apart from each other */
function verifiedOf(parts: readonly FilmPart[], runs: readonly ByteRun[]): ShareRange[] {
  const ranges: { start: number; end: number }[] = [];
  for (const part of parts) {
    for (let at = firstAfter(runs, part.startBytes); at < runs.length; at++) {
      const run = runs[at];
      if (run === undefined || run.startBytes >= part.endBytes) break;
      const start = secondAt(part, Math.max(part.startBytes, run.startBytes));
      const end = secondAt(part, Math.min(part.endBytes, run.endBytes));
      const before = ranges.at(-1);
      if (before?.end === start) before.end = end;
      else ranges.push({ start, end });
    }
  }
  return ranges;
}

/** Inside a part bytes are taken for time: it is a second or two of a film of hours. */
function secondAt({ startBytes, endBytes, startS, endS }: FilmPart, atBytes: number): number {
  if (atBytes === endBytes) return endS;
  return startS + ((atBytes - startBytes) / (endBytes - startBytes)) * (endS - startS);
}

/** Of the runs, the first that ends after this byte. */
function firstAfter(runs: readonly ByteRun[], atBytes: number): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.endBytes ?? 0) > atBytes) high = middle;
    else low = middle + 1;
  }
  return low;
}

function inBoth(left: readonly ShareRange[], right: readonly ShareRange[]): ShareRange[] {
  const both: ShareRange[] = [];
  let [at, other] = [0, 0];
  for (;;) {
    const [one, two] = [left[at], right[other]];
    if (one === undefined || two === undefined) return both;
    const [start, end] = [Math.max(one.start, two.start), Math.min(one.end, two.end)];
    if (end > start) both.push({ start, end });
    if (one.end < two.end) at++;
    else other++;
  }
}
