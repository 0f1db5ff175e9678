import { filmTimes, NoFilmTimes, TrackParts, type Film, type ReadFilm } from './film-times';
import type { FilmTimes } from './seek-ranges';

/* MP4, MOV, M4A: ISO/IEC 14496-12. */

/** The tables of a film of eight hours. */
const MAX_INDEX_BYTES = 32 * 1024 * 1024;
/** Half a day of AAC and pictures; uncompressed sound, which counts each moment, goes without. */
const MAX_SAMPLES = 4_000_000;
const MAX_BOXES_OF_FILE = 64;

/**
 * From the sample tables, to the chunk; of a film in fragments from its segment index, to the fragment. Price: what edit lists and
 * composition offsets shift, mostly some hundredths of a second, is passed over.
 * @throws {NoFilmTimes} when it has neither, or they are not sound
 */
export async function mp4Times(film: Film, read: ReadFilm): Promise<FilmTimes> {
  for (let [count, atBytes] = [0, 0]; count < MAX_BOXES_OF_FILE; count++) {
    const leftBytes = film.lengthBytes - atBytes;
    const header = headerOf(await read(atBytes, Math.min(16, leftBytes)), 0, leftBytes);
    const isIndex = header.type === 'moov' || header.type === 'sidx';
    if (header.type === 'moof' || (isIndex && header.sizeBytes > MAX_INDEX_BYTES)) break;
    const endBytes = atBytes + header.sizeBytes;
    if (isIndex) {
      const index = await read(atBytes + header.headBytes, header.sizeBytes - header.headBytes);
      if (header.type === 'sidx') return segmentTimes(index, endBytes, film);
      const [fragments] = boxesIn(index, 'mvex');
      if (fragments === undefined) return sampleTimes(index, film);
    }
    atBytes = endBytes;
  }
  throw new NoFilmTimes('there is no index');
}

/** @param limitBytes how long the box is at most; as long as that it is when it does not say */
function headerOf(view: DataView, atBytes: number, limitBytes: number): { type: string; headBytes: number; sizeBytes: number } {
  const size = view.getUint32(atBytes);
  const headBytes = size === 1 ? 16 : 8;
  const sizeBytes = size === 1 ? Number(view.getBigUint64(atBytes + 8)) : size === 0 ? limitBytes : size;
  if (sizeBytes < headBytes || sizeBytes > limitBytes) throw new NoFilmTimes('a box does not lie in what it is in');
  return { type: nameAt(view, atBytes + 4), headBytes, sizeBytes };
}

function nameAt(view: DataView, atBytes: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((offset) => view.getUint8(atBytes + offset)));
}

/** Films have some dozens in one box; each takes a moment. */
const MAX_BOXES = 10_000;

function* boxesIn(view: DataView, type: string): Generator<DataView> {
  let boxes = 0;
  for (let atBytes = 0; atBytes + 8 <= view.byteLength;) {
    if (++boxes > MAX_BOXES) throw new NoFilmTimes('there are more boxes than a film has');
    const header = headerOf(view, atBytes, view.byteLength - atBytes);
    const startBytes = view.byteOffset + atBytes + header.headBytes;
    if (header.type === type) yield new DataView(view.buffer, startBytes, header.sizeBytes - header.headBytes);
    atBytes += header.sizeBytes;
  }
}

function boxAt(view: DataView, ...path: readonly string[]): DataView {
  return path.reduce((parent, type) => {
    const [box] = boxesIn(parent, type);
    if (box === undefined) throw new NoFilmTimes(`there is no ${type}`);
    return box;
  }, view);
}

/** Of the tracks that the browser plays: the first of pictures and the first of sound that are enabled, as pictures of chapters are not. */
function sampleTimes(moov: DataView, film: Film): FilmTimes {
  const played = new Map<string, DataView>();
  for (const track of boxesIn(moov, 'trak')) {
    const kind = nameAt(boxAt(track, 'mdia', 'hdlr'), 8);
    const isEnabled = boxAt(track, 'tkhd').getUint32(0) % 2 === 1;
    if (isEnabled && (kind === 'vide' || kind === 'soun') && !played.has(kind)) played.set(kind, boxAt(track, 'mdia'));
  }
  return filmTimes(
    Array.from(played.values(), (media) => partsOf(media, film)),
    film,
  );
}

function partsOf(media: DataView, film: Film): TrackParts {
  const header = boxAt(media, 'mdhd');
  const ticksPerSecond = header.getUint32(header.getUint8(0) === 1 ? 20 : 12);
  const tables = boxAt(media, 'minf', 'stbl');
  const [far] = boxesIn(tables, 'co64');
  const chunks = far === undefined ? tableOf(boxAt(tables, 'stco'), 1) : tableOf(far, 2);
  const chunkRuns = tableOf(boxAt(tables, 'stsc'), 3);
  const tickRuns = tableOf(boxAt(tables, 'stts'), 2);
  const sizes = boxAt(tables, 'stsz');
  const commonBytes = sizes.getUint32(4);
  const samples = sizes.getUint32(8);
  if (samples > MAX_SAMPLES) throw new NoFilmTimes('there are too many samples');
  const parts = new TrackParts(film);
  let [sample, ticks, tickRun, inTickRun, chunkRun] = [0, 0, 0, 0, 0];
  for (let chunk = 0; chunk < chunks.length; chunk++) {
    if (chunkRun + 1 < chunkRuns.length && chunkRuns.at(chunkRun + 1, 0) === chunk + 1) chunkRun++;
    const startBytes = far === undefined ? chunks.at(chunk, 0) : chunks.at(chunk, 0) * 2 ** 32 + chunks.at(chunk, 1);
    let endBytes = startBytes;
    const nextChunk = sample + chunkRuns.at(chunkRun, 1);
    if (nextChunk > samples) throw new NoFilmTimes('there are fewer samples than that');
    for (; sample < nextChunk; sample++) {
      endBytes += commonBytes === 0 ? sizes.getUint32(12 + sample * 4) : commonBytes;
      for (; inTickRun >= tickRuns.at(tickRun, 0); tickRun++) inTickRun = 0;
      ticks += tickRuns.at(tickRun, 1);
      inTickRun++;
    }
    parts.add(startBytes, endBytes, ticks / ticksPerSecond);
  }
  return parts;
}

/** A box of entries of so many numbers each; to look behind the last throws. */
function tableOf(box: DataView, numbers: number): { readonly length: number; at(entry: number, number: number): number } {
  return { length: box.getUint32(4), at: (entry, number) => box.getUint32(8 + (entry * numbers + number) * 4) };
}

/** @param fromBytes where the index ends, which its offset counts from */
function segmentTimes(index: DataView, fromBytes: number, film: Film): FilmTimes {
  const isLong = index.getUint8(0) > 0;
  const tableAt = isLong ? 28 : 20;
  const parts = new TrackParts(film);
  let atBytes = fromBytes + (isLong ? Number(index.getBigUint64(20)) : index.getUint32(16));
  let ticks = 0;
  for (let segment = index.getUint16(tableAt + 2), at = tableAt + 4; segment > 0; segment--, at += 12) {
    const startBytes = atBytes;
    // The first bit says that it leads to another index, which stands for the same.
    atBytes += index.getUint32(at) % 2 ** 31;
    ticks += index.getUint32(at + 4);
    parts.add(startBytes, atBytes, ticks / index.getUint32(8));
  }
  return filmTimes([parts], film);
}
