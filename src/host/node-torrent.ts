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

/** Several files and folders as one folder. */
export interface SeveralPaths {
  /** Of the folder. */
  readonly name: string;
  readonly paths: readonly string[];
}

interface FoundContents {
  readonly name: string;
  readonly single: boolean;
  readonly files: readonly ContentFile[];
  placeOf(file: ContentFile): string;
}

/** Where each of them is, by the name it has in the torrent: what `createSeedStore` takes. @throws {RangeError} when two have one name */
export function placesOf(paths: readonly string[]): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  for (const path of paths) {
    const name = basename(resolve(path));
    if (places.has(name)) throw new RangeError(`Two of them are named ${name}. Rename one, or share them one after the other.`);
    places.set(name, resolve(path));
  }
  return places;
}

/**
 * Describes a file, a folder with everything in it but hidden files, or several of both as a torrent. Reads every byte once.
 * @throws {RangeError} when there is nothing to share, or a name viewers would refuse; file system errors as they come.
 */
export async function describeTorrent(
  path: string | SeveralPaths,
  onProgress: (hashedBytes: number, totalBytes: number) => void,
  kind: TorrentKind = 'v1',
): Promise<DescribedTorrent> {
  const contents = await (typeof path === 'string' ? findAt(path) : findSeveral(path));
  const { name, single } = contents;
  const files = kind === 'v1' ? contents.files : inTreeOrder(contents.files);
  const totalBytes = files.reduce((total, { lengthBytes }) => total + lengthBytes, 0);
  if (totalBytes === 0) throw new RangeError(`There is nothing to share in ${name}.`);
  const pieceLengthBytes = choosePieceLength(totalBytes);
  const hasher = new ContentHasher({ kind, files, pieceLengthBytes, startHash: (algorithm) => createHash(algorithm) });
  let hashedBytes = 0;
  for (const file of files) {
    const stream = createReadStream(contents.placeOf(file), { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>;
    for await (const chunk of stream) {
      hasher.update(chunk);
      hashedBytes += chunk.length;
      onProgress(hashedBytes, totalBytes);
    }
    hasher.endFile();
  }
  if (hashedBytes !== totalBytes) throw new RangeError(`A file in ${name} changed while it was read. Try again once nothing writes to it.`);
  const { hashes, ...hashed } = hasher.finish();
  return { info: buildInfoDictionary({ name, pieceLengthBytes, single, ...hashed }), hashes };
}

async function findAt(path: string): Promise<FoundContents> {
  const root = resolve(path);
  const name = basename(root);
  const stats = await stat(root);
  if (!stats.isDirectory()) return { name, single: true, files: [{ path: [name], lengthBytes: stats.size }], placeOf: () => root };
  return { name, single: false, files: await listFiles(root, []), placeOf: (file) => join(root, ...file.path) };
}

async function findSeveral({ name, paths }: SeveralPaths): Promise<FoundContents> {
  const places = placesOf(paths);
  const files: ContentFile[] = [];
  for (const [top, place] of [...places].sort(([left], [right]) => (left < right ? -1 : 1))) {
    const { single, files: below } = await findAt(place);
    files.push(...below.map((file) => (single ? file : { ...file, path: [top, ...file.path] })));
  }
  return { name, single: false, files, placeOf: ({ path: [top = '', ...below] }) => join(places.get(top) ?? top, ...below) };
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
