import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { makeLargeFilm } from '@/scripts/large-film';

export interface BenchFilm {
  readonly path: string;
  readonly lengthBytes: number;
}

/** The film is made once and kept under .cache. */
export async function benchFilm(sizeBytes: number): Promise<BenchFilm> {
  const path = fileURLToPath(new URL(`../../.cache/bench/film-${Math.round(sizeBytes / 1e6)}mb.mp4`, import.meta.url));
  await makeLargeFilm({ path, sizeBytes });
  const { size: lengthBytes } = await stat(path);
  return { path, lengthBytes };
}
