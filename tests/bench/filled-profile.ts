import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { LaunchedBrowser } from '@/tests/support/launch-browser';
import { openBrowser, startSeeder, startSignaling, type Seeder } from '@/tests/support/stage';
import { BENCH_LAUNCH } from './browser-process';
import type { BenchFilm } from './film';
import { openLinkedFilm } from './open-linked-film';
import { removeFilm, untilVerified } from './player-page';

/** The store commits what it was given within a second; nothing shows from outside when it has. */
const COMMIT_MS = 5000;

export interface FilledProfile {
  /** A browser profile with the extension's store full; to be copied, not used. */
  readonly path: string;
  readonly magnet: string;
  remove(): Promise<void>;
}

/** Lets a viewer fetch the film once from `npm run seed`; consent is given in the profile, too. */
export async function fillProfile(film: BenchFilm, extensionDir: string): Promise<FilledProfile> {
  const path = await mkdtemp(join(tmpdir(), 'lodestream-bench-profile-'));
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true });
  try {
    const magnet = await fetchInto(path, film, extensionDir);
    return { path, magnet, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function fetchInto(userDataDir: string, film: BenchFilm, extensionDir: string): Promise<string> {
  const signaling = await startSignaling();
  let seeder: Seeder | undefined;
  let launched: LaunchedBrowser | undefined;
  try {
    seeder = await startSeeder(film.path, signaling.url);
    launched = await openBrowser([signaling.url], { extensionDir, ...BENCH_LAUNCH, userDataDir });
    const frame = await openLinkedFilm(launched, seeder.magnet);
    await removeFilm(frame);
    await untilVerified(frame, film);
    await wait(COMMIT_MS);
    return seeder.magnet;
  } finally {
    await launched?.close();
    await seeder?.child.stop();
    await signaling.stop();
  }
}
