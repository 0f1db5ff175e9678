import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { buildInfoDictionary, choosePieceLength } from '@/src/protocol/create-torrent';
import { PieceHasher } from '@/src/protocol/piece-hasher';
import type { TorrentInfo } from '@/src/protocol/torrent-info';

const READ_BYTES = 1024 * 1024;

/**
 * Describes a file, or a folder with everything in it but hidden files, as a torrent. Reads every byte once.
 * @throws {RangeError} when there is nothing to share, or a name viewers would refuse; file system errors as they come.
 */
export async function describeTorrent(path: string, onProgress: (hashedBytes: number, totalBytes: number) => void): Promise<TorrentInfo> {
  const root = resolve(path);
  const single = !(await stat(root)).isDirectory();
  const files = single ? [{ path: [basename(root)], lengthBytes: (await stat(root)).size }] : await listFiles(root, []);
  const totalBytes = files.reduce((total, { lengthBytes }) => total + lengthBytes, 0);
  if (totalBytes === 0) throw new RangeError(`There is nothing to share in ${path}.`);
  const pieceLengthBytes = choosePieceLength(totalBytes);
  const hasher = new PieceHasher(pieceLengthBytes, () => createHash('sha1'));
  let hashedBytes = 0;
  for (const file of files) {
    const stream = createReadStream(single ? root : join(root, ...file.path), { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>;
    for await (const chunk of stream) {
      hasher.update(chunk);
      hashedBytes += chunk.length;
      onProgress(hashedBytes, totalBytes);
    }
  }
  if (hashedBytes !== totalBytes) throw new RangeError(`A file in ${path} changed while it was read. Try again once nothing writes to it.`);
  return buildInfoDictionary({ name: basename(root), files, pieceLengthBytes, pieceHashes: hasher.finish(), single });
}

/** Sorted by name, so that the same folder gives the same info hash on every machine. */
async function listFiles(root: string, below: readonly string[]): Promise<{ path: string[]; lengthBytes: number }[]> {
  const entries = await readdir(join(root, ...below), { withFileTypes: true });
  const files: { path: string[]; lengthBytes: number }[] = [];
  for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
    const path = [...below, entry.name];
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) files.push(...(await listFiles(root, path)));
    else if (entry.isFile()) files.push({ path, lengthBytes: (await stat(join(root, ...path))).size });
  }
  return files;
}
