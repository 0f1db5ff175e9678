import type { ChunkStore } from '@/src/store/chunk-store';
import { DirectoryMedium } from '@/src/store/directory-medium';
import { MediumChunkStore } from '@/src/store/medium-chunk-store';
import { extentLayout } from '@/src/store/run-layout';
import { describeChunkStore } from './chunk-store';
import type { StoreHarness } from './store-harness';
import { VolatileFileTree } from './volatile-file-tree';

/** Smaller than some pieces and no multiple of any: pieces begin and end anywhere in an extent. */
const EXTENT_BYTES = 1536;

describeChunkStore('the extent store on a disk that loses what was not flushed', { canLimitRoom: true, isPersistent: true }, async () => {
  let tree = new VolatileFileTree();
  const open = async (): Promise<ChunkStore> =>
    new MediumChunkStore(
      new DirectoryMedium(tree, ['torrents'], {
        tagOf: () => EXTENT_BYTES,
        layoutOf: ({ totalBytes }) => extentLayout(totalBytes, EXTENT_BYTES),
        piecesPerUnit: () => 1,
      }),
      { startTimer: () => () => undefined },
    );
  const random = pseudoRandom(7);
  return {
    create: async (roomBytes) => {
      tree = new VolatileFileTree(roomBytes);
      return await open();
    },
    persistence: {
      reopen: open,
      crash: async () => {
        tree.crash(random);
        return await open();
      },
      damage: async (infoHash, file, change) => tree.damage(['torrents', infoHash, file], change),
    },
    dispose: async () => undefined,
  } satisfies StoreHarness;
});

function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
