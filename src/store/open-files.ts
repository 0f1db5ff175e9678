import type { BlockFile } from './file-tree';

interface OpenFile {
  readonly file: Promise<BlockFile>;
  users: number;
}

/** Files opened on first use and kept open for the next; those longest out of use are closed beyond a limit of file descriptors. */
export class OpenFiles {
  readonly #limit: number;
  /** The one used last comes last. */
  readonly #open = new Map<number, OpenFile>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Lends out a file, opening it if need be; it stays open at least until the task ends. */
  async use<Result>(index: number, open: () => Promise<BlockFile>, task: (file: BlockFile) => Promise<Result>): Promise<Result> {
    const entry = this.#open.get(index) ?? { file: open(), users: 0 };
    this.#open.delete(index);
    this.#open.set(index, entry);
    entry.users++;
    try {
      return await task(await this.#opened(index, entry));
    } finally {
      entry.users--;
      await this.closeIdle(this.#limit);
    }
  }

  /** Closes files that are not lent out until no more than `limit` are open. */
  async closeIdle(limit: number): Promise<void> {
    for (const [index, { file, users }] of this.#open) {
      if (this.#open.size <= limit) return;
      if (users > 0) continue;
      this.#open.delete(index);
      await (await file).close();
    }
  }

  /** Closes one file if it is open; nobody may be using it. */
  async close(index: number): Promise<void> {
    const entry = this.#open.get(index);
    this.#open.delete(index);
    await (await entry?.file)?.close();
  }

  /** Nothing may be lent out any more. */
  async closeAll(): Promise<void> {
    const files = [...this.#open.values()].map(({ file }) => file);
    this.#open.clear();
    await Promise.all(files.map(async (file) => (await file).close()));
  }

  async #opened(index: number, entry: OpenFile): Promise<BlockFile> {
    try {
      return await entry.file;
    } catch (error) {
      if (this.#open.get(index) === entry) this.#open.delete(index);
      throw error;
    }
  }
}
