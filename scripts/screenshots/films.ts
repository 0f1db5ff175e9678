import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filmPath } from '@/tests/support/films';
import { writeSoundAndPicture } from '@/tests/support/sound-and-picture';
import { startSeeder } from '@/tests/support/stage';
import { serveDemoPage } from '../demo/demo-page';
import { demoFilms } from '../demo/films';
import { startLocalSwarm, type SharedFilm } from '../demo/local-swarm';
import type { Teardown } from '../demo/teardown';

/** Slow enough that the film still comes while its screens are taken, fast enough to play. */
const SEEDER_KILOBYTES = 80;
/** Half of what the film plays at. */
const TOO_SLOW_KILOBYTES = 22;

/** No browser plays it; what it holds does not matter. */
const UNPLAYABLE = Buffer.concat([Buffer.from('RIFF\0\0\0\0AVI LIST'), Buffer.alloc(200_000, 'no film')]);

export interface ScreenshotFilms {
  readonly signalingUrl: string;
  /** Its links are in the order of `FILM_PLACES`. */
  readonly pageUrl: string;
}

/** Which link of the page is which, from 1. */
export const FILM_PLACES = { film: 1, collection: 2, unplayable: 3, sound: 4, slow: 5, lonely: 6 } as const;

const LONELY: SharedFilm = {
  file: '',
  title: 'A film that nobody has',
  about: 'Nobody shares it.',
  facts: 'MP4',
  magnet: `magnet:?xt=urn:btih:${'4a'.repeat(20)}&dn=nobody-has-it.mp4`,
};

/** Signaling server, seeders, and a page with a link to each film. */
export async function openFilms(folder: string, teardown: Teardown): Promise<ScreenshotFilms> {
  const films = demoFilms(false).filter(({ file }) => file === 'faststart.mp4' || file === 'collection');
  const swarm = await startLocalSwarm({ films, uploadLimitKilobytes: SEEDER_KILOBYTES, teardown });
  const path = join(folder, 'home-video.avi');
  await writeFile(path, UNPLAYABLE);
  const share = async (file: string, ...more: readonly string[]): Promise<string> => {
    const { magnet, child } = await startSeeder(file, swarm.signalingUrl, more);
    teardown.own(() => child.stop());
    return magnet;
  };
  const unplayable: SharedFilm = {
    file: path,
    title: 'An old home video',
    about: 'No browser plays it.',
    facts: 'AVI',
    magnet: await share(path),
  };
  const soundPath = await writeSoundAndPicture(join(folder, 'sound-and-picture'));
  const sound: SharedFilm = {
    file: soundPath,
    title: 'A tone and a picture',
    about: 'What is heard, and what is looked at.',
    facts: '3 files',
    magnet: await share(soundPath),
  };
  const slow: SharedFilm = {
    file: filmPath('film.webm'),
    title: 'A film that comes too slowly',
    about: 'It stands still again and again.',
    facts: 'WebM',
    magnet: await share(filmPath('film.webm'), '--upload-limit', String(TOO_SLOW_KILOBYTES)),
  };
  const pageUrl = await serveDemoPage({ ...swarm, films: [...swarm.films, unplayable, sound, slow, LONELY] }, teardown);
  return { signalingUrl: swarm.signalingUrl, pageUrl };
}
