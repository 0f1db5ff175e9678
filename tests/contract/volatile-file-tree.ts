import type { Bytes } from '@/src/base/bytes';
import { StoreError } from '@/src/store/chunk-store';
import type { BlockFile, FileTree, TreePath } from '@/src/store/file-tree';

type Change =
  | { readonly kind: 'write'; readonly bytes: Bytes; readonly offsetBytes: number }
  | { readonly kind: 'truncate'; readonly sizeBytes: number };

interface VolatileFile {
  durable: Bytes;
  /** What a reader sees. */
  current: Bytes;
  /** Not flushed yet, in order. */
  changes: Change[];
  locked: boolean;
}

/**
 * Files in memory that behave like a disk at its worst: what was not flushed when the power goes survives in part or not at all, each
 * write by itself. Like OPFS it opens a file once at a time.
 */
export class VolatileFileTree implements FileTree {
  /** Called with the path of the file after each flush, which ends only when this does. */
  onFlush: (path: string) => Promise<void> | void = () => undefined;
  /** Flushing fails while this is set. */
  failingFlush: StoreError | undefined;
  readonly #files = new Map<string, VolatileFile>();
  readonly #roomBytes: number;
  #generation = 0;

  constructor(roomBytes = Infinity) {
    this.#roomBytes = roomBytes;
  }

  /** Cuts the power. `random` tells from 0 to 1 how much of each unflushed write is kept. */
  crash(random: () => number): void {
    this.#generation++;
    for (const file of this.#files.values()) {
      for (const change of file.changes) {
        const kept = torn(change, random());
        if (kept !== undefined) file.durable = applied(file.durable, kept);
      }
      file.current = file.durable.slice();
      file.changes = [];
      file.locked = false;
    }
  }

  async openFile(path: TreePath): Promise<BlockFile | undefined> {
    const file = this.#files.get(keyOf(path));
    return file === undefined ? undefined : this.#lock(keyOf(path), file);
  }

  async createFile(path: TreePath): Promise<BlockFile> {
    const file = this.#files.get(keyOf(path)) ?? { durable: new Uint8Array(), current: new Uint8Array(), changes: [], locked: false };
    this.#files.set(keyOf(path), file);
    return this.#lock(keyOf(path), file);
  }

  async readFile(path: TreePath): Promise<Bytes | undefined> {
    return this.#files.get(keyOf(path))?.current.slice();
  }

  async sizeBytes(path: TreePath): Promise<number | undefined> {
    return this.#files.get(keyOf(path))?.current.length;
  }

  async names(path: TreePath): Promise<readonly string[]> {
    const prefix = path.length === 0 ? '' : `${keyOf(path)}/`;
    const inside = [...this.#files.keys()].filter((key) => key.startsWith(prefix));
    return [...new Set(inside.map((key) => key.slice(prefix.length).split('/')[0] ?? ''))];
  }

  async remove(path: TreePath): Promise<void> {
    for (const [key, file] of this.#files) {
      if (key !== keyOf(path) && !key.startsWith(`${keyOf(path)}/`)) continue;
      if (file.locked) throw new StoreError('busy', 'the file is open');
      this.#files.delete(key);
    }
  }

  /** Replaces what a file holds, as another program might. */
  damage(path: TreePath, change: (bytes: Bytes) => Bytes): void {
    const file = this.#files.get(keyOf(path));
    if (file === undefined) throw new Error('there is no such file');
    file.durable = change(file.current.slice());
    file.current = file.durable.slice();
  }

  #lock(key: string, file: VolatileFile): BlockFile {
    if (file.locked) throw new StoreError('busy', 'the file is open');
    file.locked = true;
    const generation = this.#generation;
    const requireAlive = (): void => {
      if (generation !== this.#generation || !file.locked) throw new StoreError('io', 'the file is not open any more');
    };
    const change = (next: Change): void => {
      const grown = applied(file.current, next);
      if (this.#usedBytes() - file.current.length + grown.length > this.#roomBytes) throw new StoreError('full', 'there is no room');
      file.current = grown;
      file.changes.push(next);
    };
    return {
      read: async (into, offsetBytes) => {
        requireAlive();
        const part = file.current.subarray(offsetBytes, offsetBytes + into.length);
        if (part.length < into.length) throw new StoreError('io', 'the file is too short');
        into.set(part);
      },
      write: async (bytes, offsetBytes) => {
        requireAlive();
        change({ kind: 'write', bytes: bytes.slice(), offsetBytes });
      },
      truncate: async (sizeBytes) => {
        requireAlive();
        change({ kind: 'truncate', sizeBytes });
      },
      sizeBytes: async () => file.current.length,
      flush: async () => {
        requireAlive();
        if (this.failingFlush !== undefined) throw this.failingFlush;
        file.durable = file.current.slice();
        file.changes = [];
        await this.onFlush(key);
      },
      close: async () => {
        requireAlive();
        file.locked = false;
      },
    };
  }

  #usedBytes(): number {
    let used = 0;
    for (const file of this.#files.values()) used += file.current.length;
    return used;
  }
}

function keyOf(path: TreePath): string {
  return path.join('/');
}

function applied(bytes: Bytes, change: Change): Bytes {
  if (change.kind === 'truncate') return resized(bytes, change.sizeBytes);
  const grown = resized(bytes, Math.max(bytes.length, change.offsetBytes + change.bytes.length));
  grown.set(change.bytes, change.offsetBytes);
  return grown;
}

function resized(bytes: Bytes, sizeBytes: number): Bytes {
  const copy = new Uint8Array(sizeBytes);
  copy.set(bytes.subarray(0, sizeBytes));
  return copy;
}

/** What a crash leaves of a change: nothing, the beginning of what was written, or all. */
function torn(change: Change, share: number): Change | undefined {
  if (share < 0.3) return undefined;
  if (share > 0.7 || change.kind === 'truncate') return change;
  return { ...change, bytes: change.bytes.subarray(0, Math.round(change.bytes.length * share)) };
}
