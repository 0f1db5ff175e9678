import type { Bytes } from '@/src/base/bytes';
import type { TorrentKind } from './content-hasher';
import { buildInfoDictionary, choosePieceLength, inTreeOrder, paddingAfter } from './create-torrent';
import { TREE_HASH_BYTES } from './merkle';
import { MAX_FILES } from './metainfo-refusal';
import { type HashedContents, type HashFunctions, type PlacedFile, RunHasher, runLengthBytes } from './run-hasher';
import type { SharedFile } from './shared-file';
import type { TorrentInfo } from './torrent-info';
import { NoticeError, notice } from './notice';

/** So much is read at once, or a piece, if that is more: a read costs about a millisecond, whatever its size. */
const READ_BYTES = 4 * 1024 * 1024;
const SHA1_BYTES = 20;

export interface NamedFile {
  /** Below the torrent's folder; of a single file its name. */
  readonly path: readonly string[];
  readonly file: SharedFile;
}

export interface DescribeFilesOptions extends HashFunctions {
  /** Of the file or of the folder. */
  readonly name: string;
  /** Whether it is one file and no folder. */
  readonly single: boolean;
  readonly kind: TorrentKind;
  /** In the order they will have in a v1 torrent; v2 and hybrid ones have an order of their own. */
  readonly files: readonly NamedFile[];
  onProgress(hashedBytes: number, totalBytes: number): void;
  /** Ends it between two reads. */
  readonly signal: { throwIfAborted(): void };
}

export interface DescribedFiles {
  readonly info: TorrentInfo;
  /** In the order of the torrent, without padding. */
  readonly files: readonly SharedFile[];
  /** Piece layers of a torrent of v2 alone, as `TorrentChunks.saveHashes` takes them. */
  readonly hashes: Bytes | undefined;
}

/** As it was when it was chosen. */
interface SourceFile extends NamedFile, PlacedFile {
  readonly lastModified: number;
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
 * Describes files as a torrent of BitTorrent v1, of v2 or of both (hybrid). Reads every byte once and holds about 4 MiB, or a piece, and
 * the hashes of pieces. The same files give the same torrent on every machine.
 * @throws {NoticeError} nothing to share, a name or number of files that viewers would refuse, a file that
 * changed or cannot be read; the signal's reason once it aborted.
 */
export async function describeFiles(options: DescribeFilesOptions): Promise<DescribedFiles> {
  const { kind, name, signal, single } = options;
  const totalBytes = options.files.reduce((total, { file }) => total + file.size, 0);
  assertShareable(options.files, totalBytes);
  const pieceLengthBytes = choosePieceLength(totalBytes);
  const files = kind === 'v1' ? placeFiles(options.files, 1) : placeFiles(inTreeOrder(options.files), pieceLengthBytes);
  // Whether it can be described shows before hours are spent on reading it.
  buildInfoDictionary({ name, single, pieceLengthBytes, ...unhashed(kind, files, pieceLengthBytes) });

  const hasher = new RunHasher({ kind, files, pieceLengthBytes, hash: options });
  const stepBytes = pieceLengthBytes * Math.max(1, Math.floor(READ_BYTES / pieceLengthBytes));
  const endBytes = runLengthBytes(files);
  let hashedBytes = 0;
  let first = 0;
  for (let at = 0; at < endBytes; at += stepBytes) {
    while (endOf(files[first]) <= at) first++;
    const { run, readBytes } = await readRun(files, first, at, Math.min(stepBytes, endBytes - at));
    signal.throwIfAborted();
    await hasher.add(run, at);
    signal.throwIfAborted();
    hashedBytes += readBytes;
    options.onProgress(hashedBytes, totalBytes);
  }
  for (const { file, path, lengthBytes, lastModified } of files) {
    if (file.size !== lengthBytes || file.lastModified !== lastModified) throw changed(path);
  }
  const { hashes, ...hashed } = hasher.finish();
  const info = buildInfoDictionary({ name, single, pieceLengthBytes, ...hashed });
  return { info, files: files.map(({ file }) => file), hashes };
}

/** @param alignBytes each file that is not empty begins at a multiple of it */
function placeFiles(named: readonly NamedFile[], alignBytes: number): readonly SourceFile[] {
  const files = named.map(({ file, path }) => ({ file, path, lengthBytes: file.size, lastModified: file.lastModified }));
  let offsetBytes = 0;
  return files.map((file, index) => {
    const placed = { ...file, offsetBytes };
    offsetBytes += file.lengthBytes + paddingAfter(files, index, alignBytes);
    return placed;
  });
}

/** As long as what will be written, with hashes that are none. */
function unhashed(kind: TorrentKind, files: readonly SourceFile[], pieceLengthBytes: number): HashedContents {
  const anyRoot = new Uint8Array(TREE_HASH_BYTES).fill(1);
  const contents = files.map(({ path, lengthBytes }) => ({
    path,
    lengthBytes,
    ...(kind === 'v1' || lengthBytes === 0 ? {} : { piecesRoot: anyRoot }),
  }));
  if (kind === 'v2') return { files: contents };
  return { files: contents, pieceHashes: new Uint8Array(Math.ceil(runLengthBytes(files) / pieceLengthBytes) * SHA1_BYTES) };
}

function assertShareable(files: readonly NamedFile[], totalBytes: number): void {
  if (files.length === 0) throw new NoticeError(notice('shareNoFile'));
  if (totalBytes === 0) throw new NoticeError(notice('shareAllEmpty'));
  if (files.length > MAX_FILES) throw new NoticeError(notice('shareTooManyFiles'));
  const seen = new Set<string>();
  for (const { path } of files) {
    // As it is written to the torrent, which has no half surrogate pairs.
    const key = path.join('/').toWellFormed();
    if (seen.has(key)) throw new NoticeError(notice('shareSameName', { name: key }));
    seen.add(key);
  }
  for (const { path } of files) {
    const folder = path.map((_, depth) => path.slice(0, depth).join('/').toWellFormed()).find((above) => seen.has(above));
    if (folder === undefined) continue;
    throw new NoticeError(notice('shareFolderName', { name: folder }));
  }
}

function endOf(file: SourceFile | undefined): number {
  return file === undefined ? Infinity : file.offsetBytes + file.lengthBytes;
}

/** @param first the file that the run begins in, or before */
async function readRun(
  files: readonly SourceFile[],
  first: number,
  offsetBytes: number,
  lengthBytes: number,
): Promise<{ readonly run: Bytes; readonly readBytes: number }> {
  const run = new Uint8Array(lengthBytes);
  const reads: Promise<void>[] = [];
  let readBytes = 0;
  for (let index = first; index < files.length; index++) {
    const file = files[index];
    if (file === undefined || file.offsetBytes >= offsetBytes + lengthBytes) break;
    const start = Math.max(offsetBytes, file.offsetBytes);
    const end = Math.min(offsetBytes + lengthBytes, endOf(file));
    if (end <= start) continue;
    reads.push(readInto(run.subarray(start - offsetBytes, end - offsetBytes), file, start - file.offsetBytes));
    readBytes += end - start;
  }
  await Promise.all(reads);
  return { run, readBytes };
}

async function readInto(part: Bytes, { file, path }: SourceFile, offsetBytes: number): Promise<void> {
  let bytes: ArrayBuffer;
  try {
    bytes = await file.slice(offsetBytes, offsetBytes + part.length).arrayBuffer();
  } catch {
    throw new NoticeError(notice('shareUnreadable', { name: path.join('/') }));
  }
  if (bytes.byteLength !== part.length) throw changed(path);
  part.set(new Uint8Array(bytes));
}

function changed(path: readonly string[]): NoticeError {
  return new NoticeError(notice('shareChanged', { name: path.join('/') }));
}
