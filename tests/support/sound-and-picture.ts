import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PICTURE = fileURLToPath(new URL('../../public/icon/128.png', import.meta.url));
const SAMPLES_PER_SECOND = 8000;
const SECONDS = 2;

/** Writes `tone.wav`, which is played, `picture.png`, which is shown, and `notes.txt`, which is neither. @returns the folder */
export async function writeSoundAndPicture(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'tone.wav'), tone());
  await copyFile(PICTURE, join(folder, 'picture.png'));
  await writeFile(join(folder, 'notes.txt'), 'not for a player');
  return folder;
}

/** A WAV file of 16 bits a sample. */
function tone(): Uint8Array {
  const samples = SECONDS * SAMPLES_PER_SECOND;
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
