import type { Bytes } from '@/src/base/bytes';
import { StoreError } from './chunk-store';
import type { BlockFile } from './file-tree';
import { OpenFiles } from './open-files';
import { spansOf, type RunFile, type RunLayout } from './run-layout';

const MAX_OPEN_FILES = 64;

export interface RunFileAccess {
  /** Undefined when `create` is false and the file is not there. */
  open(file: RunFile, create: boolean): Promise<BlockFile | undefined>;
  /** A no-op when the file is not there. Left out where nothing is ever removed. */
  remove?(file: RunFile): Promise<void>;
}

/** A torrent's run of bytes, kept in several files one after the other. */
export class RunFiles {
  readonly #layout: RunLayout;
  readonly #access: RunFileAccess;
  readonly #files = new OpenFiles(MAX_OPEN_FILES);
  /** Files written to since they were flushed last. */
  readonly #dirty = new Set<number>();

  constructor(layout: RunLayout, access: RunFileAccess) {
    this.#layout = layout;
    this.#access = access;
  }

  async read(offsetBytes: number, lengthBytes: number): Promise<Bytes> {
    const run = new Uint8Array(lengthBytes);
    for (const span of spansOf(this.#layout, offsetBytes, lengthBytes)) {
      const part = run.subarray(span.offsetInRunBytes, span.offsetInRunBytes + span.lengthBytes);
      if (!this.#isPadding(span.file)) await this.#use(span.file, false, (file) => file.read(part, span.offsetInFileBytes));
    }
    return run;
  }

  async write(offsetBytes: number, bytes: Bytes): Promise<void> {
    for (const span of spansOf(this.#layout, offsetBytes, bytes.length)) {
      const part = bytes.subarray(span.offsetInRunBytes, span.offsetInRunBytes + span.lengthBytes);
      if (this.#isPadding(span.file)) requireZeros(part);
      else {
        await this.#writeSpan(span.file, part, span.offsetInFileBytes);
        // Not before the write: a flush that ran meanwhile may have missed it.
        this.#dirty.add(span.file);
      }
    }
  }

  async flush(): Promise<void> {
    for (const index of [...this.#dirty].sort((left, right) => left - right)) {
      this.#dirty.delete(index);
      try {
        await this.#use(index, false, (file) => file.flush());
      } catch (error) {
        this.#dirty.add(index);
        throw error;
      }
    }
  }

  /** Cuts a file back to what its first bytes need, all of it when they are none. */
  async shrink(index: number, sizeBytes: number): Promise<void> {
    const file = this.#layout[index];
    if (file === undefined || this.#isPadding(index)) return;
    if (sizeBytes > 0) {
      return this.#use(index, false, async (opened) => {
        if ((await opened.sizeBytes()) > sizeBytes) await opened.truncate(sizeBytes);
      });
    }
    await this.#files.close(index);
    this.#dirty.delete(index);
    await this.#access.remove?.(file);
  }

  async close(): Promise<void> {
    await this.#files.closeAll();
  }

  /** Chromium reserves up to twice what an open file holds; before the disk counts as full, files not in use give that back. */
  async #writeSpan(index: number, part: Bytes, offsetBytes: number): Promise<void> {
    const write = (): Promise<void> => this.#use(index, true, (file) => file.write(part, offsetBytes));
    try {
      await write();
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'full')) throw error;
      await this.#files.closeIdle(0);
      await write();
    }
  }

  #isPadding(index: number): boolean {
    return this.#layout[index]?.path === undefined;
  }

  async #use(index: number, create: boolean, task: (file: BlockFile) => Promise<void>): Promise<void> {
    const file = this.#layout[index];
    if (file === undefined) throw new RangeError('no such file in the layout');
    await this.#files.use(index, () => this.#require(file, create), task);
  }

  async #require(file: RunFile, create: boolean): Promise<BlockFile> {
    const opened = await this.#access.open(file, create);
    if (opened === undefined) throw new StoreError('io', `The stored file ${file.path?.at(-1) ?? ''} is gone; download the film again.`);
    return opened;
  }
}

/** BEP 47: padding is zeros. Other bytes would be lost, and the piece could not be shared with others any more. */
function requireZeros(bytes: Bytes): void {
  if (bytes.some((byte) => byte !== 0))
    throw new StoreError('io', 'This torrent has padding that is not zeros and cannot be stored as files.');
}
