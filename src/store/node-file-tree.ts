import type { Stats } from 'node:fs';
import { constants, mkdir, open, readdir, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Bytes } from '@/src/base/bytes';
import { StoreError } from './chunk-store';
import type { BlockFile, FileTree, TreePath } from './file-tree';
import { notice } from '@/src/protocol/notice';

/** A folder of the computer, for Node. Names that would lead out of it are refused. Unlike OPFS it keeps no other process away. */
export function createNodeFileTree(root: string): FileTree {
  const at = (names: TreePath): string => pathInside(root, names);
  return {
    openFile: (names) => guarded(async () => await orMissing(async () => blockFile(await open(at(names), 'r+')))),
    createFile: (names) =>
      guarded(async () => {
        await mkdir(path.dirname(at(names)), { recursive: true });
        return blockFile(await open(at(names), constants.O_RDWR | constants.O_CREAT));
      }),
    readFile: (names) => guarded(async () => await orMissing(async () => new Uint8Array(await readFile(at(names))))),
    sizeBytes: (names) => guarded(async () => await orMissing(async () => (await stat(at(names))).size)),
    names: (names) => guarded(async () => (await orMissing(() => readdir(at(names)))) ?? []),
    remove: (names) => guarded(() => rm(at(names), { recursive: true, force: true })),
  };
}

/** Whether a name means one entry of a folder on every system: no separator, no way up. */
export function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name) && path.basename(name) === name;
}

/** @throws {StoreError} `io` when a name is not plain. */
export function pathInside(root: string, names: TreePath): string {
  if (!names.every(isPlainName)) throw new StoreError('io', 'This torrent names a file outside of its folder and cannot be stored.');
  return path.join(root, ...names);
}

/** Opens a file for reading only. @throws {StoreError} `changed` when it is not, or no longer, the file described. */
export async function openUnchanged(file: string, expected: Pick<Stats, 'size' | 'mtimeMs'>): Promise<BlockFile> {
  return await guarded(async () => {
    const handle = await orMissing(() => open(file, 'r'));
    if (handle === undefined) throw changedError(file);
    const block = blockFile(handle);
    return {
      ...block,
      read: async (into, offsetBytes) => {
        const reading = block.read(into, offsetBytes);
        await reading.catch(() => undefined);
        // Asked after reading: a change before or meanwhile shows.
        const now = await guarded(() => handle.stat());
        if (now.size !== expected.size || now.mtimeMs !== expected.mtimeMs) throw changedError(file);
        await reading;
      },
    };
  });
}

export function changedError(file: string): StoreError {
  return new StoreError('changed', `${file} changed since it was shared; share it again.`, {
    notice: notice('sharedChanged', { name: file }),
  });
}

function blockFile(handle: FileHandle): BlockFile {
  return {
    read: (into, offsetBytes) => guarded(() => readFully(handle, into, offsetBytes)),
    write: (bytes, offsetBytes) => guarded(() => writeFully(handle, bytes, offsetBytes)),
    sizeBytes: () => guarded(async () => (await handle.stat()).size),
    truncate: (sizeBytes) => guarded(() => handle.truncate(sizeBytes)),
    flush: () => guarded(() => handle.datasync()),
    close: () => guarded(() => handle.close()),
  };
}

async function readFully(handle: FileHandle, into: Bytes, offsetBytes: number): Promise<void> {
  for (let at = 0; at < into.length;) {
    const { bytesRead } = await handle.read(into, at, into.length - at, offsetBytes + at);
    if (bytesRead === 0) throw new StoreError('io', 'A stored file is shorter than it was; share or download it again.');
    at += bytesRead;
  }
}

async function writeFully(handle: FileHandle, bytes: Bytes, offsetBytes: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, offsetBytes + at);
    at += bytesWritten;
  }
}

/** Undefined for a file or folder that is not there. */
export async function orMissing<Result>(find: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await find();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Words the system's errors as the store's own. */
export async function guarded<Result>(task: () => Promise<Result>): Promise<Result> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    switch (codeOf(error)) {
      case 'ENOSPC':
      case 'EDQUOT':
      case 'EFBIG':
        throw new StoreError('full', 'The disk is full; free some space.', { cause: error });
      default:
        throw new StoreError('io', `The disk could not be used: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
    }
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
