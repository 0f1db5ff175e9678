import { mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensureFfmpeg } from './ffmpeg';
import { makeFilm } from './film';

const VIDEO_BITS_PER_SECOND = 5_000_000;
const AUDIO_BITS_PER_SECOND = 96_000;

export interface LargeFilm {
  /** Ends in `.mp4`; under `.cache/`, where it is kept from run to run. */
  readonly path: string;
  /** About how large; within a tenth or so. */
  readonly sizeBytes: number;
}

/** A film of 5 Mbit/s, as long as its size asks for. Takes about a second a megabyte the first time; later it is there already. */
export async function makeLargeFilm({ path, sizeBytes }: LargeFilm): Promise<void> {
  const existing = await stat(path).catch(() => undefined);
  if (existing !== undefined) return;
  await ensureFfmpeg();
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.unfinished.mp4`;
  console.log(`Making a film of about ${Math.round(sizeBytes / 1e6)} MB (${Math.ceil(sizeBytes / 1e6)} s or so) …`);
  await makeFilm({
    path: unfinished,
    seconds: Math.ceil((sizeBytes * 8) / (VIDEO_BITS_PER_SECOND + AUDIO_BITS_PER_SECOND)),
    codecs: 'h264-aac',
    videoBitsPerSecond: VIDEO_BITS_PER_SECOND,
    toneHertz: 440,
    size: '1280x720',
    containerArgs: ['-movflags', '+faststart'],
  });
  await rename(unfinished, path);
}
