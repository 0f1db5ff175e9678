import type { Bytes } from '@/src/base/bytes';
import { StoreError } from './chunk-store';
import type { BlockFile, FileTree, TreePath } from './file-tree';

/** Of lib.webworker, which cannot be loaded beside lib.dom. */
interface SyncAccessHandle {
  read(into: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(sizeBytes: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}
type SyncFileHandle = FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncAccessHandle> };

/**
 * When an offscreen document is made anew, the worker of the one before may hold its files for a moment longer, and nothing tells
 * when it lets go: so opening is tried again for a while. These timers are the only way.
 */
const LOCKED_RETRY_MS = 50;
const LOCKED_RETRIES = 80;

/** The origin's private file system, through access handles that only a dedicated worker has. */
export function createOpfsFileTree(): FileTree {
  return {
    openFile: (path) => guarded(() => openFile(path)),
    createFile: (path) =>
      guarded(async () => {
        const folder = await folderAt(path.slice(0, -1), true);
        return await openSync(await folder.getFileHandle(nameOf(path), { create: true }));
      }),
    readFile: (path) => guarded(async () => await (await fileAt(path))?.arrayBuffer().then((buffer) => new Uint8Array(buffer))),
    sizeBytes: (path) => guarded(async () => (await fileAt(path))?.size),
    names: (path) =>
      guarded(async () => {
        const folder = await orMissing(() => folderAt(path, false));
        const names: string[] = [];
        if (folder !== undefined) for await (const name of folder.keys()) names.push(name);
        return names;
      }),
    remove: (path) =>
      guarded(async () => {
        const folder = await orMissing(() => folderAt(path.slice(0, -1), false));
        if (folder === undefined) return;
        await orMissing(() => untilUnlocked(() => folder.removeEntry(nameOf(path), { recursive: true })));
      }),
  };
}

async function openFile(path: TreePath): Promise<BlockFile | undefined> {
  const handle = await orMissing(async () => (await folderAt(path.slice(0, -1), false)).getFileHandle(nameOf(path)));
  return handle === undefined ? undefined : await openSync(handle);
}

async function fileAt(path: TreePath): Promise<File | undefined> {
  return await orMissing(async () => {
    const folder = await folderAt(path.slice(0, -1), false);
    return await (await folder.getFileHandle(nameOf(path))).getFile();
  });
}

async function folderAt(path: TreePath, create: boolean): Promise<FileSystemDirectoryHandle> {
  let folder = await navigator.storage.getDirectory();
  for (const name of path) folder = await folder.getDirectoryHandle(name, { create });
  return folder;
}

async function openSync(handle: FileSystemFileHandle): Promise<BlockFile> {
  const access = await untilUnlocked(() => (handle as SyncFileHandle).createSyncAccessHandle());
  return {
    read: (into, offsetBytes) => guarded(async () => readFully(access, into, offsetBytes)),
    write: (bytes, offsetBytes) => guarded(async () => writeFully(access, bytes, offsetBytes)),
    sizeBytes: () => guarded(async () => access.getSize()),
    truncate: (sizeBytes) => guarded(async () => access.truncate(sizeBytes)),
    flush: () =>
      guarded(async () => {
        // Flushing blocks the worker for as long as the disk takes: reads that already wait go first.
        await nextTask();
        access.flush();
      }),
    close: () => guarded(async () => access.close()),
  };
}

function readFully(access: SyncAccessHandle, into: Bytes, offsetBytes: number): void {
  const readBytes = into.length === 0 ? 0 : access.read(into, { at: offsetBytes });
  if (readBytes !== into.length) throw new StoreError('io', 'A stored file is shorter than it was; download the film again.');
}

function writeFully(access: SyncAccessHandle, bytes: Bytes, offsetBytes: number): void {
  if (access.write(bytes, { at: offsetBytes }) !== bytes.length) throw fullError();
}

async function untilUnlocked<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let retriesLeft = LOCKED_RETRIES; ; retriesLeft--) {
    try {
      return await attempt();
    } catch (error) {
      if (retriesLeft === 0 || nameOfError(error) !== 'NoModificationAllowedError') throw error;
      await new Promise((resolve) => setTimeout(resolve, LOCKED_RETRY_MS));
    }
  }
}

async function orMissing<Result>(find: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await find();
  } catch (error) {
    if (nameOfError(error) === 'NotFoundError') return undefined;
    throw error;
  }
}

/** Words the browser's errors as the store's own. */
async function guarded<Result>(task: () => Promise<Result>): Promise<Result> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    switch (nameOfError(error)) {
      case 'QuotaExceededError':
        throw fullError(error);
      case 'NoModificationAllowedError':
        throw new StoreError('busy', 'Another window still has this torrent open; close it and try again.', { cause: error });
      default:
        throw new StoreError('io', "The browser's storage failed; restart the browser.", { cause: error });
    }
  }
}

function fullError(cause?: unknown): StoreError {
  return new StoreError('full', 'The disk or the room the browser grants is used up; remove a film or free some disk space.', { cause });
}

function nameOf(path: TreePath): string {
  return path.at(-1) ?? '';
}

function nameOfError(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

async function nextTask(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}
