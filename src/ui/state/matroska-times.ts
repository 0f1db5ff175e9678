import { filmTimes, NoFilmTimes, TrackParts, type Film, type ReadFilm } from './film-times';
import type { FilmTimes } from './seek-ranges';

/* Matroska and WebM: RFC 9559, whose elements are EBML's (RFC 8794). */

/** Every such file begins with it. */
export const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const SEEK_HEAD = 0x114d9b74;
const SEEK = 0x4dbb;
const SEEK_ID = 0x53ab;
const SEEK_POSITION = 0x53ac;
const INFO = 0x1549a966;
const TIMESTAMP_SCALE = 0x2ad7b1;
const CLUSTER = 0x1f43b675;
const CUES = 0x1c53bb6b;
const CUE_POINT = 0xbb;
const CUE_TIME = 0xb3;
const CUE_TRACK_POSITIONS = 0xb7;
const CUE_CLUSTER_POSITION = 0xf1;
const CUE_RELATIVE_POSITION = 0xf0;

/** A cue of 40 bytes for every second of a day is less. */
const MAX_INDEX_BYTES = 4 * 1024 * 1024;
const MAX_POINTS = 100_000;
const MAX_ELEMENTS_OF_FILE = 64;
const DEFAULT_SCALE_NS = 1_000_000;

/** Counted from where the view begins, or from the beginning of the file. */
interface Element {
  readonly id: number;
  readonly startBytes: number;
  /** Infinity where it says that it is as long as it turns out to be. */
  readonly endBytes: number;
}

/** From the cues: to the picture that can be sought, some seconds. @throws {NoFilmTimes} when there are none, or they are not sound */
export async function matroskaTimes(film: Film, read: ReadFilm): Promise<FilmTimes> {
  const elementAt = async (atBytes: number): Promise<Element> => {
    const { id, startBytes, endBytes } = headerOf(await read(atBytes, Math.min(12, film.lengthBytes - atBytes)));
    return { id, startBytes: atBytes + startBytes, endBytes: atBytes + endBytes };
  };
  const contentOf = async ({ startBytes, endBytes }: Element): Promise<DataView> => {
    if (endBytes - startBytes > MAX_INDEX_BYTES) throw new NoFilmTimes('an element is too long');
    return read(startBytes, endBytes - startBytes);
  };
  const segment = await elementAt((await elementAt(0)).endBytes);
  let [scaleNs, atBytes] = [DEFAULT_SCALE_NS, segment.startBytes];
  let cuesAtBytes: number | undefined;
  for (let count = 0; count < MAX_ELEMENTS_OF_FILE; count++) {
    const element = await elementAt(atBytes);
    if (element.id === CLUSTER) break;
    if (element.id === CUES) cuesAtBytes = atBytes;
    if (element.id === SEEK_HEAD) cuesAtBytes ??= cuesOf(await contentOf(element), segment.startBytes);
    if (element.id === INFO) scaleNs = numbersIn(await contentOf(element)).get(TIMESTAMP_SCALE) ?? scaleNs;
    atBytes = element.endBytes;
  }
  if (segment.id !== SEGMENT || cuesAtBytes === undefined) throw new NoFilmTimes('there is no index');
  const cues = await elementAt(cuesAtBytes);
  if (cues.id !== CUES) throw new NoFilmTimes('the index is elsewhere');
  const endBytes = cuesAtBytes > atBytes ? cuesAtBytes : film.lengthBytes;
  return timesOf(cuePoints(await contentOf(cues), segment.startBytes), { scaleS: scaleNs / 1e9, startBytes: atBytes, endBytes }, film);
}

interface Clusters {
  readonly scaleS: number;
  readonly startBytes: number;
  readonly endBytes: number;
}

/** One part from each cue to the next. @param points times by place */
function timesOf(points: ReadonlyMap<number, number>, { scaleS, startBytes, endBytes }: Clusters, film: Film): FilmTimes {
  const parts = new TrackParts(film);
  let atBytes = startBytes;
  for (const [placeBytes, time] of [...points].toSorted(([left], [right]) => left - right)) {
    const seconds = time * scaleS;
    // The first is where the film begins; and those of subtitles go before pictures of the same time now and then.
    if (placeBytes <= atBytes || seconds <= parts.endS) continue;
    parts.add(atBytes, placeBytes, seconds);
    atBytes = placeBytes;
  }
  parts.add(atBytes, endBytes, Math.max(parts.endS, film.durationS));
  return filmTimes([parts], film);
}

function headerOf(view: DataView, atBytes = 0): Element {
  const sizeAt = atBytes + Math.clz32(view.getUint8(atBytes)) - 23;
  const sizeBytes = Math.clz32(view.getUint8(sizeAt)) - 23;
  if (sizeBytes > 8) throw new NoFilmTimes('this is no element');
  const startBytes = sizeAt + sizeBytes;
  // The first bit that is set says how long the number is; the others are its highest.
  const highest = view.getUint8(sizeAt) & (0xff >> sizeBytes);
  const size = highest * 2 ** (8 * (sizeBytes - 1)) + numberAt(view, sizeAt + 1, startBytes);
  // All ones: unknown.
  const endBytes = size >= 2 ** (7 * sizeBytes) - 1 ? Infinity : startBytes + size;
  return { id: numberAt(view, atBytes, sizeAt), startBytes, endBytes };
}

/** Big-endian; beyond 2^53 it is about right. */
function numberAt(view: DataView, startBytes: number, endBytes: number): number {
  if (endBytes - startBytes > 8) throw new NoFilmTimes('a number is too long');
  let number = 0;
  for (let at = startBytes; at < endBytes; at++) number = number * 256 + view.getUint8(at);
  return number;
}

/** The children with this id; with all ids when none is named. */
function* childrenOf(view: DataView, wanted?: number, { startBytes, endBytes } = wholeOf(view)): Generator<Element> {
  for (let atBytes = startBytes; atBytes < endBytes;) {
    const child = headerOf(view, atBytes);
    if (child.endBytes > endBytes) throw new NoFilmTimes('an element does not lie in what it is in');
    if (wanted === undefined || child.id === wanted) yield child;
    atBytes = child.endBytes;
  }
}

function wholeOf(view: DataView): Pick<Element, 'startBytes' | 'endBytes'> {
  return { startBytes: 0, endBytes: view.byteLength };
}

const NUMBERS = new Set([TIMESTAMP_SCALE, SEEK_ID, SEEK_POSITION, CUE_TIME, CUE_CLUSTER_POSITION, CUE_RELATIVE_POSITION]);

function numbersIn(view: DataView, parent?: Element): ReadonlyMap<number, number> {
  const numbers = new Map<number, number>();
  for (const { id, startBytes, endBytes } of childrenOf(view, undefined, parent)) {
    if (NUMBERS.has(id)) numbers.set(id, numberAt(view, startBytes, endBytes));
  }
  return numbers;
}

function cuesOf(seekHead: DataView, segmentBytes: number): number | undefined {
  for (const seek of childrenOf(seekHead, SEEK)) {
    const numbers = numbersIn(seekHead, seek);
    if (numbers.get(SEEK_ID) === CUES) return segmentBytes + (numbers.get(SEEK_POSITION) ?? 0);
  }
  return undefined;
}

/** By where in the file, the time; of several for one place the first, since they go by time. */
function cuePoints(cues: DataView, segmentBytes: number): ReadonlyMap<number, number> {
  const points = new Map<number, number>();
  for (const point of childrenOf(cues, CUE_POINT)) {
    const time = numbersIn(cues, point).get(CUE_TIME) ?? 0;
    for (const positions of childrenOf(cues, CUE_TRACK_POSITIONS, point)) {
      const numbers = numbersIn(cues, positions);
      const placeBytes = segmentBytes + (numbers.get(CUE_CLUSTER_POSITION) ?? 0) + (numbers.get(CUE_RELATIVE_POSITION) ?? 0);
      if (!points.has(placeBytes)) points.set(placeBytes, time);
      if (points.size > MAX_POINTS) throw new NoFilmTimes('there are too many cues');
    }
  }
  return points;
}
