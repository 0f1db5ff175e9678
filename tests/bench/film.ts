import { rename, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ffmpeg } from '@/scripts/ffmpeg';
import { makeLargeFilm } from '@/scripts/large-film';
import { LARGE_FILM_BYTES } from './scenarios';

export interface BenchFilm {
  readonly path: string;
  readonly lengthBytes: number;
}

/** The film is made once and kept under .cache. Encoding takes a second a megabyte, so one much longer than the usual one is that over and over. */
export async function benchFilm(sizeBytes: number): Promise<BenchFilm> {
  const path = fileURLToPath(new URL(`../../.cache/bench/film-${Math.round(sizeBytes / 1e6)}mb.mp4`, import.meta.url));
  if (sizeBytes < 2 * LARGE_FILM_BYTES) await makeLargeFilm({ path, sizeBytes });
  else await repeatFilm(await benchFilm(LARGE_FILM_BYTES), path, sizeBytes);
  const { size: lengthBytes } = await stat(path);
  return { path, lengthBytes };
}

async function repeatFilm(film: BenchFilm, path: string, sizeBytes: number): Promise<void> {
  const existing = await stat(path).catch(() => undefined);
  if (existing !== undefined) return;
  const repeats = Math.round(sizeBytes / film.lengthBytes) - 1;
  const unfinished = `${path}.unfinished.mp4`;
  console.log(`Making a film of about ${Math.round(sizeBytes / 1e6)} MB …`);
  await ffmpeg(['-stream_loop', String(repeats), '-i', film.path, '-c', 'copy', '-movflags', '+faststart', unfinished]);
  await rename(unfinished, path);
}
