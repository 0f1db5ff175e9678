import { NoFilmTimes, type Film, type ReadFilm } from './film-times';
import { EBML, matroskaTimes } from './matroska-times';
import { mp4Times } from './mp4-times';
import type { FilmTimes } from './seek-ranges';

/** Of a film with a table of contents this is more than it needs; of another it bounds what is looked through. */
const MAX_READS = 100;
const MAX_READ_BYTES = 40 * 1024 * 1024;

/**
 * What the container itself says of where in the file each second is.
 * @param read waits for bytes that are not there yet
 * @returns undefined when the container is another one, has no index, or one that is wrong
 * @throws what `read` rejects with
 */
export async function readFilmTimes(film: Film, read: ReadFilm): Promise<FilmTimes | undefined> {
  const bounded = boundedReads(film, read);
  try {
    const magic = await bounded(0, 8);
    return await (magic.getUint32(0) === EBML ? matroskaTimes(film, bounded) : mp4Times(film, bounded));
  } catch (error) {
    // Of fields that lie behind the end of their box.
    if (error instanceof NoFilmTimes || error instanceof RangeError) return undefined;
    throw error;
  }
}

function boundedReads({ lengthBytes }: Film, read: ReadFilm): ReadFilm {
  let [reads, readBytes] = [0, 0];
  return async (startBytes, partBytes) => {
    reads++;
    readBytes += partBytes;
    const isInside = Number.isSafeInteger(startBytes) && startBytes >= 0 && partBytes > 0 && startBytes + partBytes <= lengthBytes;
    if (!isInside || reads > MAX_READS || readBytes > MAX_READ_BYTES) throw new NoFilmTimes('the index leads astray');
    return read(startBytes, partBytes);
  };
}
