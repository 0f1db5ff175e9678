import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openFiles } from '@/tests/support/open-film';
import { untilText } from '@/tests/support/stage';

const PICTURE = fileURLToPath(new URL('../../public/icon/128.png', import.meta.url));
const SAMPLES_PER_SECOND = 8000;

/** Two seconds of a tone, as a WAV file of 16 bits a sample. */
function tone(): Uint8Array {
  const samples = 2 * SAMPLES_PER_SECOND;
  const file = Buffer.alloc(44 + 2 * samples);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(SAMPLES_PER_SECOND, 24);
  file.writeUInt32LE(2 * SAMPLES_PER_SECOND, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(2 * samples, 40);
  for (let at = 0; at < samples; at++)
    file.writeInt16LE(Math.round(8000 * Math.sin((at * 440 * 2 * Math.PI) / SAMPLES_PER_SECOND)), 44 + 2 * at);
  return file;
}

test('sound is heard with its name on screen, a picture is shown, and what is neither is saved', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lodestream-kinds-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'tone.wav'), tone());
  await copyFile(PICTURE, join(folder, 'picture.png'));
  await writeFile(join(folder, 'notes.txt'), 'not for a player');
  const { frame } = await openFiles(folder);

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
