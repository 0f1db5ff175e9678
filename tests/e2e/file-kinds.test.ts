import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openFiles } from '@/tests/support/open-film';
import { writeSoundAndPicture } from '@/tests/support/sound-and-picture';
import { untilText } from '@/tests/support/stage';

test('sound is heard with its name on screen, a picture is shown, and what is neither is saved', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lodestream-kinds-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { frame } = await openFiles(await writeSoundAndPicture(folder));

  // The one file that plays is chosen by itself.
  await untilText(frame, '.audio-view', /tone\.wav/);
  await frame.waitForFunction(() => {
    const media = document.querySelector<HTMLVideoElement & { readonly webkitAudioDecodedByteCount: number }>('video.film');
    return media !== null && media.currentTime > 0.2 && media.webkitAudioDecodedByteCount > 0;
  });
  expect(await frame.$('.controls button[aria-label^="Picture in picture"]')).toBeNull();

  await frame.locator('button[aria-label="Files"]').click();
  await frame.locator('.file ::-p-text(picture.png)').click();
  await untilText(frame, '.state-line', /^Picture/);
  expect(await frame.$eval('img.film', (image) => [image.naturalWidth, image.getAttribute('alt')])).toEqual([128, 'picture.png']);
  expect(await frame.$('.controls')).toBeNull();

  await frame.locator('button[aria-label="Files"]').click();
  await frame.locator('.file ::-p-text(notes.txt)').click();
  await untilText(frame, '.files', /notes\.txt.*(?:saved|saves)/);
  await untilText(frame, '.state-line', /^Picture/);
});
