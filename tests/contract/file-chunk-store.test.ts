import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ChunkStore } from '@/src/store/chunk-store';
import { createFileChunkStore } from '@/src/store/file-chunk-store';
import { describeChunkStore } from './chunk-store';
import type { StoreHarness } from './store-harness';

describeChunkStore('the file store', { canLimitRoom: false, isPersistent: true }, async () => {
  const directories: string[] = [];
  const stores: ChunkStore[] = [];
  const current = (): string => directories.at(-1) ?? '';
  const open = async (): Promise<ChunkStore> => {
    const store = createFileChunkStore({ directory: current(), startTimer: () => () => undefined });
    stores.push(store);
    return store;
  };
  return {
    create: async () => {
      directories.push(await mkdtemp(path.join(tmpdir(), 'file-store-')));
      return await open();
    },
    persistence: {
      reopen: open,
      crash: open,
      damage: async (infoHash, file, change) => {
        const damaged = path.join(current(), infoHash, file);
        await writeFile(damaged, change(new Uint8Array(await readFile(damaged))));
      },
    },
    dispose: async () => {
      // Those that "crashed" too: nobody else closes their files.
      await Promise.allSettled(stores.map((store) => store.close()));
      for (const directory of directories) await rm(directory, { recursive: true });
    },
  } satisfies StoreHarness;
});
