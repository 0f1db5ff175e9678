import type { Bytes } from '@/src/base/bytes';

/** Names from the root of the tree down. */
export type TreePath = readonly string[];

/**
 * The few things a store needs of a file system, so that the same code keeps torrents in the browser's private file system and in
 * Node. Everything rejects with a `StoreError`: `full` when there is no room, `busy` when another context holds the file, else `io`.
 */
export interface FileTree {
  /** Opens a file that is there; undefined when it is not. */
  openFile(path: TreePath): Promise<BlockFile | undefined>;
  /** Opens a file, making it and its folders when they are not there. */
  createFile(path: TreePath): Promise<BlockFile>;
  /** A whole small file, whoever may have it open; undefined when it is not there. */
  readFile(path: TreePath): Promise<Bytes | undefined>;
  /** Undefined when the file is not there. */
  sizeBytes(path: TreePath): Promise<number | undefined>;
  /** What is in a folder; empty when it is not there. */
  names(path: TreePath): Promise<readonly string[]>;
  /** Removes a file or a folder with everything in it; a no-op when it is not there. */
  remove(path: TreePath): Promise<void>;
}

/** An open file, read and written at any place. */
export interface BlockFile {
  /** Fills the whole buffer. @throws {StoreError} `io` when the file ends before that. */
  read(into: Bytes, offsetBytes: number): Promise<void>;
  /** Writes the whole buffer; the file grows as needed. */
  write(bytes: Bytes, offsetBytes: number): Promise<void>;
  sizeBytes(): Promise<number>;
  truncate(sizeBytes: number): Promise<void>;
  /** Resolves once what was written is durable. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
