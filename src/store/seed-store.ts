import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Bytes } from '@/src/base/bytes';
import type { TorrentFile, TorrentInfo } from '@/src/protocol/torrent-info';
import type { ChunkStore } from './chunk-store';
import type { BlockFile } from './file-tree';
import { MediumChunkStore } from './medium-chunk-store';
import { changedError, guarded, openUnchanged, orMissing, pathInside } from './node-file-tree';
import { SeedMedium } from './seed-medium';

export interface SeedStoreOptions {
  readonly info: TorrentInfo;
  /** The file of a single-file torrent, or the folder its paths start from. */
  readonly path: string;
  /** Where the files and folders at the top of the torrent are, by name, when they are not in one folder. */
  readonly places?: ReadonlyMap<string, string>;
  /** What `TorrentChunks.saveHashes` takes: the piece layers of a v2 torrent. */
  readonly hashes?: Bytes;
}

/**
 * For the seeder in Node: serves files that are on the disk already as one complete torrent. It never writes to them or removes them;
 * a file that is gone, has another size or changes after it was opened rejects with `changed`.
 */
export function createSeedStore({ info, path, places, hashes }: SeedStoreOptions): ChunkStore {
  return new MediumChunkStore(
    new SeedMedium({
      info,
      ...(hashes === undefined ? {} : { hashes }),
      async findFiles(files) {
        const isFile = places === undefined && (await stat(path).catch(() => undefined))?.isFile() === true;
        const found = new Map<TorrentFile, () => Promise<BlockFile>>();
        for (const file of files) {
          const at = isFile && info.files.length === 1 ? path : placeOf(file.path, path, places);
          const stats = await statUnchanged(at, file);
          found.set(file, () => openUnchanged(at, stats));
        }
        return found;
      },
    }),
  );
}

function placeOf(names: readonly string[], path: string, places: SeedStoreOptions['places']): string {
  const [top = '', ...below] = names;
  const place = places?.get(top);
  return place === undefined ? pathInside(path, names) : pathInside(place, below);
}

async function statUnchanged(path: string, { lengthBytes }: TorrentFile): Promise<Stats> {
  const stats = await guarded(() => orMissing(() => stat(path)));
  if (stats?.isFile() !== true || stats.size !== lengthBytes) throw changedError(path);
  return stats;
}
