import type { TorrentInfo } from '@/src/protocol/torrent-info';
import { StoreError, type ChunkStore } from './chunk-store';
import type { CommitOptions } from './commit-schedule';
import { DirectoryMedium } from './directory-medium';
import { MediumChunkStore } from './medium-chunk-store';
import { createNodeFileTree, isPlainName } from './node-file-tree';
import type { RunLayout } from './run-layout';

export interface FileChunkStoreOptions extends CommitOptions {
  readonly directory: string;
}

/**
 * For Node: keeps each torrent under `<directory>/<info hash>`, its films under their own names in `files`, so that a finished
 * download can be used as it is. One process at a time may use a directory.
 */
export function createFileChunkStore(options: FileChunkStoreOptions): ChunkStore {
  const tree = createNodeFileTree(options.directory);
  return new MediumChunkStore(
    new DirectoryMedium<TorrentInfo>(tree, [], {
      tagOf: () => 0,
      layoutOf: fileLayout,
      // Where one film ends and the next begins is not told apart: room counts as given back from the end of the torrent.
      piecesPerUnit: ({ totalBytes, pieceLengthBytes }) => Math.max(1, Math.ceil(totalBytes / pieceLengthBytes)),
    }),
    options,
  );
}

/** The files of the torrent. @throws {StoreError} `io` when their names cannot be kept apart or lead out of the folder. */
function fileLayout(info: TorrentInfo): RunLayout {
  const taken = new Set<string>();
  return info.files.map((file) => {
    const { offsetBytes, lengthBytes } = file;
    if (file.padding) return { path: undefined, offsetBytes, lengthBytes };
    // Two names that differ in case or composition only are one file on some systems.
    const name = file.path.join('/').normalize('NFC').toLowerCase();
    if (taken.has(name) || file.path.length === 0 || !file.path.every(isPlainName)) {
      throw new StoreError('io', 'The file names of this torrent cannot be used on a disk.');
    }
    taken.add(name);
    return { path: ['files', ...file.path], offsetBytes, lengthBytes };
  });
}
