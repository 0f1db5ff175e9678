import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildExtension } from '@/scripts/build-extension';
import { storeSettings } from '@/tests/support/stage';
import { launchBrowser } from '@/tests/support/launch-browser';
import { say } from '../demo/progress';
import type { Teardown } from '../demo/teardown';
import { makeTemporaryFolder } from '../demo/temporary-folder';
import { untilEnded } from '../demo/until-ended';
import { Camera } from './camera';
import { openFilms } from './films';
import type { ScreenshotOptions } from './options';
import { shootOptions, shootPopupWithout, shootShare, shootStorage, shootUnread, shootWelcome } from './page-screens';
import { shootPlayer } from './player-screens';
import { viewerSettings } from './viewer-settings';
import type { Scene } from './scene';

/** What README.md shows. */
const DOCS_PICTURE = fileURLToPath(new URL('../../docs/player.png', import.meta.url));

/** From a fresh install to films that play, taking each screen on the way. @returns the exit code */
export function takeScreenshots(options: ScreenshotOptions): Promise<number> {
  return untilEnded(async (teardown) => {
    await takeAll(options, teardown);
    return 0;
  });
}

async function takeAll(options: ScreenshotOptions, teardown: Teardown): Promise<void> {
  const { folder, languages, extensionDir } = options;
  await mkdir(folder, { recursive: true });
  const temporaryFolder = makeTemporaryFolder(teardown);
  if (extensionDir === undefined) say('Building the extension (about 10 s) …');
  const built = extensionDir ?? (await buildExtension(teardown.signal, { outDir: join(temporaryFolder, 'extension'), quiet: true }));
  const films = await openFilms(temporaryFolder, teardown);
  for (const language of languages) await takeOneLanguage(options, { language, films, built }, teardown);
}

async function takeOneLanguage(
  { folder, themes, forDocs }: ScreenshotOptions,
  { language, films, built }: Pick<Scene, 'language' | 'films'> & { readonly built: string },
  teardown: Teardown,
): Promise<void> {
  // Else a picture may show what pulses at its faintest.
  const launched = await launchBrowser({ extensionDir: built, args: ['--force-prefers-reduced-motion'], language });
  teardown.own(() => launched.close());
  const camera = new Camera(folder, themes, language);
  const scene = { launched, camera, films, language };
  await shootWelcome(scene);
  await storeSettings(launched, viewerSettings(films.signalingUrl));
  await shootPopupWithout(scene);
  await shootOptions(scene);
  await shootPlayer(scene);
  await shootStorage(scene);
  await shootUnread(scene);
  await shootShare(scene);
  await launched.close();
  if (forDocs && language === 'en') await copyFile(camera.path('player-playing', 'light'), DOCS_PICTURE);
}
