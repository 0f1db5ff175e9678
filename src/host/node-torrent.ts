import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Bytes } from '@/src/base/bytes';
import { buildInfoDictionary, choosePieceLength, type ContentFile, inTreeOrder } from '@/src/protocol/create-torrent';
import { ContentHasher, type TorrentKind } from '@/src/protocol/content-hasher';
import type { TorrentInfo } from '@/src/protocol/torrent-info';

const READ_BYTES = 1024 * 1024;

export interface DescribedTorrent {
  readonly info: TorrentInfo;
  /** Piece layers of a v2 torrent, as `createSeedStore` takes them. */
  readonly hashes: Bytes | undefined;
}

/**
 * Describes a file, or a folder with everything in it but hidden files, as a torrent. Reads every byte once.
 * @throws {RangeError} when there is nothing to share, or a name viewers would refuse; file system errors as they come.
 */
export async function describeTorrent(
  path: string,
  onProgress: (hashedBytes: number, totalBytes: number) => void,
  kind: TorrentKind = 'v1',
): Promise<DescribedTorrent> {
  const root = resolve(path);
  const single = !(await stat(root)).isDirectory();
  const found = single ? [{ path: [basename(root)], lengthBytes: (await stat(root)).size }] : await listFiles(root, []);
  const files = kind === 'v1' ? found : inTreeOrder(found);
  const totalBytes = files.reduce((total, { lengthBytes }) => total + lengthBytes, 0);
  if (totalBytes === 0) throw new RangeError(`There is nothing to share in ${path}.`);
  const pieceLengthBytes = choosePieceLength(totalBytes);
  const hasher = new ContentHasher({ kind, files, pieceLengthBytes, startHash: (algorithm) => createHash(algorithm) });
  let hashedBytes = 0;
  for (const file of files) {
    const stream = createReadStream(single ? root : join(root, ...file.path), { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>;
    for await (const chunk of stream) {
      hasher.update(chunk);
      hashedBytes += chunk.length;
      onProgress(hashedBytes, totalBytes);
    }
    hasher.endFile();
  }
  if (hashedBytes !== totalBytes) throw new RangeError(`A file in ${path} changed while it was read. Try again once nothing writes to it.`);
  const { hashes, ...hashed } = hasher.finish();
  return { info: buildInfoDictionary({ name: basename(root), pieceLengthBytes, single, ...hashed }), hashes };
}

/** Sorted by name, so that the same folder gives the same info hash on every machine. */
async function listFiles(root: string, below: readonly string[]): Promise<ContentFile[]> {
  const entries = await readdir(join(root, ...below), { withFileTypes: true });
  const files: ContentFile[] = [];
  for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
    const path = [...below, entry.name];
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) files.push(...(await listFiles(root, path)));
    else if (entry.isFile()) files.push({ path, lengthBytes: (await stat(join(root, ...path))).size });
  }
  return files;
}
