import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

/**
 * Each system's seeder keeps a copy of its own, a viewer's browser one more while it lives, and a filled profile and the film itself are there,
 * too.
 * @throws {Error} that says how much room is missing
 */
export async function requireDiskRoom(filmBytes: number, systems: number): Promise<void> {
  const neededBytes = filmBytes * (systems + 3);
  const { bavail, bsize } = await statfs(tmpdir());
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes) return;
  const [needed, free] = [neededBytes, freeBytes].map((bytes) => (bytes / 1e9).toFixed(1));
  throw new Error(
    `${tmpdir()} has ${free} GB free and this needs ${needed} GB: choose fewer systems, a smaller --film-mb, or another TMPDIR.`,
  );
}
