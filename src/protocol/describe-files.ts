import type { Bytes } from '@/src/base/bytes';
import { buildInfoDictionary, choosePieceLength } from './create-torrent';
import { MAX_FILES } from './metainfo-refusal';
import { MAX_METADATA_BYTES } from './peer-messages';
import type { SharedFile } from './shared-file';
import type { TorrentInfo } from './torrent-info';

/** So much is read at once, or a piece, if that is more: a read costs about a millisecond, whatever its size. */
const READ_BYTES = 4 * 1024 * 1024;
const HASH_BYTES = 20;

export interface NamedFile {
  /** Below the torrent's folder; of a single file its name. */
  readonly path: readonly string[];
  readonly file: SharedFile;
}

export interface DescribeFilesOptions {
  /** Of the file or of the folder. */
  readonly name: string;
  /** Whether it is one file and no folder. */
  readonly single: boolean;
  /** In the order they will have in the torrent. */
  readonly files: readonly NamedFile[];
  sha1(bytes: Bytes): Promise<Uint8Array>;
  onProgress(hashedBytes: number, totalBytes: number): void;
  /** Ends it between two reads. */
  readonly signal: { throwIfAborted(): void };
}

/** Sorted by name, folder by folder, so that the same folder gives the same info hash on every machine. */
export function inNameOrder<File extends { readonly path: readonly string[] }>(files: readonly File[]): File[] {
  return files.toSorted((left, right) => {
    const step = left.path.findIndex((segment, index) => segment !== right.path[index]);
    const [name = '', other = ''] = [left.path[step], right.path[step]];
    return name < other ? -1 : name > other ? 1 : 0;
  });
}

/**
 * Describes files as a torrent of BitTorrent v1. Reads every byte once and holds about 4 MiB, or a piece.
 * @throws {RangeError} a sentence for the viewer: nothing to share, a name or number of files that viewers would refuse, a file that
 * changed or cannot be read; the signal's reason once it aborted.
 */
export async function describeFiles(options: DescribeFilesOptions): Promise<TorrentInfo> {
  const { files, name, single, signal } = options;
  const before = files.map(({ file: { size, lastModified } }) => ({ size, lastModified }));
  const totalBytes = before.reduce((total, { size }) => total + size, 0);
  const pieceLengthBytes = choosePieceLength(totalBytes);
  const pieceHashes = new Uint8Array(Math.ceil(totalBytes / pieceLengthBytes) * HASH_BYTES);
  const contents = {
    name,
    single,
    files: files.map(({ path }, index) => ({ path, lengthBytes: before[index]?.size ?? 0 })),
    pieceLengthBytes,
    pieceHashes,
  };
  assertShareable(files, totalBytes);
  // Whether it can be described shows before hours are spent on reading it.
  if (buildInfoDictionary(contents).infoBytes.length > MAX_METADATA_BYTES) throw new RangeError(TOO_MANY);

  const runBytes = pieceLengthBytes * Math.max(1, Math.floor(READ_BYTES / pieceLengthBytes));
  for (let at = 0; at < totalBytes; at += runBytes) {
    const run = await readRun(files, before, at, Math.min(runBytes, totalBytes - at));
    signal.throwIfAborted();
    const starts = Array.from({ length: Math.ceil(run.length / pieceLengthBytes) }, (_, piece) => piece * pieceLengthBytes);
    const hashes = await Promise.all(starts.map((start) => options.sha1(run.subarray(start, start + pieceLengthBytes))));
    signal.throwIfAborted();
    for (const [index, hash] of hashes.entries()) pieceHashes.set(hash, (at / pieceLengthBytes + index) * HASH_BYTES);
    options.onProgress(at + run.length, totalBytes);
  }
  for (const [index, { file, path }] of files.entries()) {
    if (file.size !== before[index]?.size || file.lastModified !== before[index]?.lastModified) throw changed(path);
  }
  return buildInfoDictionary(contents);
}

const TOO_MANY = 'These are too many files for one torrent. Share a part of them, or pack them into an archive.';

function assertShareable(files: readonly NamedFile[], totalBytes: number): void {
  if (files.length === 0) throw new RangeError('There is nothing to share: no file was found. Hidden files are left out.');
  if (totalBytes === 0) throw new RangeError('There is nothing to share: every file is empty.');
  if (files.length > MAX_FILES) throw new RangeError(TOO_MANY);
  const seen = new Set<string>();
  for (const { path } of files) {
    const key = path.join('/');
    if (seen.has(key)) throw new RangeError(`Two files are named “${key}”. Rename one of them, or share them one after the other.`);
    seen.add(key);
  }
}

async function readRun(
  files: readonly NamedFile[],
  before: readonly { readonly size: number }[],
  offsetBytes: number,
  lengthBytes: number,
): Promise<Bytes> {
  const run = new Uint8Array(lengthBytes);
  const reads: Promise<void>[] = [];
  let fileStart = 0;
  for (const [index, { file, path }] of files.entries()) {
    const size = before[index]?.size ?? 0;
    const start = Math.max(offsetBytes, fileStart);
    const end = Math.min(offsetBytes + lengthBytes, fileStart + size);
    if (end > start) reads.push(readInto(run.subarray(start - offsetBytes, end - offsetBytes), file, start - fileStart, path));
    fileStart += size;
    if (fileStart >= offsetBytes + lengthBytes) break;
  }
  await Promise.all(reads);
  return run;
}

async function readInto(part: Bytes, file: SharedFile, offsetBytes: number, path: readonly string[]): Promise<void> {
  let bytes: ArrayBuffer;
  try {
    bytes = await file.slice(offsetBytes, offsetBytes + part.length).arrayBuffer();
  } catch {
    throw new RangeError(`“${path.join('/')}” cannot be read, or it changed meanwhile. Choose it again once nothing writes to it.`);
  }
  if (bytes.byteLength !== part.length) throw changed(path);
  part.set(new Uint8Array(bytes));
}

function changed(path: readonly string[]): RangeError {
  return new RangeError(`“${path.join('/')}” changed while it was read. Choose it again once nothing writes to it.`);
}
