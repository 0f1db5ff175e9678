import { statfs } from 'node:fs/promises';

/** How much an ordinary user may still write to the disk that a folder is on, in bytes. */
export async function nodeFreeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
