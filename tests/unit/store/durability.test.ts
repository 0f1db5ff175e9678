import { describe, expect, test } from 'vitest';
import { StoreError, type ChunkStore } from '@/src/store/chunk-store';
import type { CommitOptions } from '@/src/store/commit-schedule';
import { DirectoryMedium } from '@/src/store/directory-medium';
import { MediumChunkStore } from '@/src/store/medium-chunk-store';
import { extentLayout } from '@/src/store/run-layout';
import { sampleTorrent } from '@/tests/contract/sample-torrent';
import { VolatileFileTree } from '@/tests/contract/volatile-file-tree';

const never: CommitOptions = { startTimer: () => () => undefined };

function storeOn(tree: VolatileFileTree, options: CommitOptions = never, extentBytes = 2500): ChunkStore {
  const layout = {
    tagOf: () => extentBytes,
    layoutOf: ({ totalBytes }: { totalBytes: number }) => extentLayout(totalBytes, extentBytes),
    piecesPerUnit: () => 1,
  };
  return new MediumChunkStore(new DirectoryMedium(tree, ['torrents'], layout), options);
}

describe('what makes a piece durable', () => {
  const sample = sampleTorrent();
  const { infoHash } = sample.info;

  test('extents are flushed first, then the verified file that vouches for them', async () => {
    const tree = new VolatileFileTree();
    const chunks = await storeOn(tree).open(sample.info);
    await chunks.write(0, sample.piece(0));
    await chunks.write(2, sample.piece(2));
    const flushed: string[] = [];
    tree.onFlush = (path) => {
      flushed.push(path.split('/').at(-1) ?? '');
    };
    await chunks.commit();
    expect(flushed).toEqual(['extent-00000', 'extent-00001', 'verified']);
  });

  test('a piece written while others are flushed waits for the next commit', async () => {
    const tree = new VolatileFileTree();
    const chunks = await storeOn(tree).open(sample.info);
    await chunks.write(9, sample.piece(9));
    await chunks.commit();
    await chunks.write(0, sample.piece(0));
    tree.onFlush = async (path) => {
      if (path.endsWith('extent-00000')) await chunks.write(8, sample.piece(8));
    };
    await chunks.commit();
    tree.crash(() => 0);
    const again = await storeOn(tree).open(sample.info);
    expect([0, 8, 9].filter((piece) => again.verifiedAtOpen.has(piece))).toEqual([0, 9]);
  });

  test('a written piece survives a crash without anybody asking, soon after', async () => {
    const tree = new VolatileFileTree();
    const chunks = await storeOn(tree, {}).open(sample.info);
    const vouchedFor = new Promise<void>((resolve) => {
      tree.onFlush = (path) => {
        if (path.endsWith('verified')) resolve();
      };
    });
    await chunks.write(7, sample.piece(7));
    await vouchedFor;
    tree.crash(() => 0);
    const again = await storeOn(tree).open(sample.info);
    expect(again.verifiedAtOpen.has(7)).toBe(true);
  });

  test('an extent is made by the first write to it', async () => {
    const tree = new VolatileFileTree();
    const chunks = await storeOn(tree).open(sample.info);
    expect((await tree.names(['torrents', infoHash])).toSorted()).toEqual(['info', 'verified']);
    await chunks.write(8, sample.piece(8));
    expect((await tree.names(['torrents', infoHash])).toSorted()).toEqual(['extent-00003', 'info', 'verified']);
  });

  test('after a failed flush nothing is marked durable any more, and what is held can still be read', async () => {
    const tree = new VolatileFileTree();
    const chunks = await storeOn(tree).open(sample.info);
    await chunks.write(1, sample.piece(1));
    tree.failingFlush = new StoreError('io', 'the disk is broken');
    await expect(chunks.commit()).rejects.toMatchObject({ code: 'io' });
    tree.failingFlush = undefined;
    await expect(chunks.write(2, sample.piece(2))).rejects.toMatchObject({ code: 'io' });
    await expect(chunks.commit()).rejects.toMatchObject({ code: 'io' });
    await expect(chunks.read(1000, 1000)).resolves.toEqual(sample.piece(1));
    await expect(chunks.close()).rejects.toMatchObject({ code: 'io' });
    const again = await storeOn(tree).open(sample.info);
    expect(again.verifiedAtOpen.count).toBe(0);
  });

  test('a flush that found the disk full is tried again', async () => {
    const tree = new VolatileFileTree();
    const chunks = await storeOn(tree).open(sample.info);
    await chunks.write(1, sample.piece(1));
    tree.failingFlush = new StoreError('full', 'no room');
    await expect(chunks.commit()).rejects.toMatchObject({ code: 'full' });
    tree.failingFlush = undefined;
    await chunks.commit();
    tree.crash(() => 0);
    const again = await storeOn(tree).open(sample.info);
    expect(again.verifiedAtOpen.count).toBe(1);
    await expect(again.read(1000, 1000)).resolves.toEqual(sample.piece(1));
  });

  test('a torrent for which there is no room at all leaves nothing behind', async () => {
    const tree = new VolatileFileTree(4096);
    const store = storeOn(tree);
    await expect(store.open(sample.info)).rejects.toMatchObject({ code: 'full' });
    await expect(store.list()).resolves.toEqual([]);
    await expect(tree.names([])).resolves.toEqual([]);
  });

  test('pieces kept in extents of another size start empty', async () => {
    const tree = new VolatileFileTree();
    const store = storeOn(tree);
    const chunks = await store.open(sample.info);
    await chunks.write(1, sample.piece(1));
    await store.close();
    const again = await storeOn(tree, never, 5000).open(sample.info);
    expect(again.verifiedAtOpen.count).toBe(0);
  });

  test('pieces in an extent that is gone are missing, even after a crash', async () => {
    const tree = new VolatileFileTree();
    const store = storeOn(tree);
    const chunks = await store.open(sample.info);
    for (const piece of [0, 1, 2, 3, 4]) await chunks.write(piece, sample.piece(piece));
    await store.close();
    await tree.remove(['torrents', infoHash, 'extent-00000']);
    const second = await storeOn(tree).open(sample.info);
    const held = [0, 1, 2, 3, 4].filter((piece) => second.verifiedAtOpen.has(piece));
    expect(held).toEqual([3, 4]);
    await second.write(2, sample.piece(2));
    tree.crash(() => 1);
    const third = await storeOn(tree).open(sample.info);
    expect([0, 1, 2, 3, 4].filter((piece) => third.verifiedAtOpen.has(piece))).toEqual([3, 4]);
  });

  test('an extent goes once nothing in it is held, and is cut short when its end is evicted', async () => {
    const tree = new VolatileFileTree();
    const chunks = await storeOn(tree).open(sample.info);
    for (let piece = 0; piece < 5; piece++) await chunks.write(piece, sample.piece(piece));
    await chunks.evict([0, 1]);
    expect((await tree.names(['torrents', infoHash])).toSorted()).toEqual(['extent-00000', 'extent-00001', 'info', 'verified']);
    await chunks.evict([2, 4]);
    expect((await tree.names(['torrents', infoHash])).toSorted()).toEqual(['extent-00001', 'info', 'verified']);
    expect(await tree.sizeBytes(['torrents', infoHash, 'extent-00001'])).toBe(1500);
    await expect(chunks.read(3000, 1000)).resolves.toEqual(sample.piece(3));
  });

  test('what is not vouched for any more is so in both halves of the verified file before bytes go', async () => {
    const tree = new VolatileFileTree();
    const chunks = await storeOn(tree).open(sample.info);
    for (let piece = 0; piece < 5; piece++) await chunks.write(piece, sample.piece(piece));
    await chunks.commit();
    const seen: (readonly [string, number | undefined])[] = [];
    tree.onFlush = async (path) => {
      seen.push([path.split('/').at(-1) ?? '', await tree.sizeBytes(['torrents', infoHash, 'extent-00000'])]);
    };
    await chunks.evict([0, 1, 2]);
    expect(seen).toEqual([
      ['verified', 2500],
      ['verified', 2500],
    ]);
    expect(await tree.sizeBytes(['torrents', infoHash, 'extent-00000'])).toBeUndefined();
  });

  test('more extents than may be open at once are read and written all the same', async () => {
    const large = sampleTorrent({ pieceLengthBytes: 100, totalBytes: 20_000 });
    const tree = new VolatileFileTree();
    const chunks = await storeOn(tree, never, 50).open(large.info);
    await Promise.all(Array.from({ length: 200 }, (_, piece) => chunks.write(piece, large.piece(piece))));
    await chunks.commit();
    await expect(chunks.read(0, 20_000)).resolves.toEqual(large.run(0, 20_000));
    await chunks.close();
    const again = await storeOn(tree).open(sample.info);
    await again.close();
  });
});
