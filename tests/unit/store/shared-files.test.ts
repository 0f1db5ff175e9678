import { expect, test } from 'vitest';
import { createMemoryChunkStore } from '@/src/store/memory-chunk-store';
import { SharedFiles, withSharedFiles } from '@/src/store/shared-files';
import { sampleTorrent } from '@/tests/contract/sample-torrent';

const sample = sampleTorrent({ fileLengths: [3500, -500, 0, 5500] });

function filesOf(): File[] {
  return sample.info.files
    .filter(({ padding }) => !padding)
    .map(({ offsetBytes, lengthBytes }) => new File([sample.run(offsetBytes, lengthBytes)], 'x', { lastModified: 1 }));
}

test('shared files are a complete torrent that is none of the store’s films, until they are removed', async () => {
  const shared = new SharedFiles();
  const store = withSharedFiles(createMemoryChunkStore({}), shared);
  const hashes = Uint8Array.of(1, 2, 3);
  shared.add(sample.info, filesOf(), hashes);
  const chunks = await store.open(sample.info);
  expect([chunks.verifiedAtOpen.isFull, chunks.isLent]).toEqual([true, true]);
  await expect(chunks.read(0, 9500)).resolves.toEqual(sample.run(0, 9500));
  await expect(store.loadInfo(sample.info.infoHash)).resolves.toEqual(sample.info.infoBytes);
  await expect(store.list()).resolves.toEqual([]);
  expect(chunks.hashesAtOpen).toEqual(hashes);
  await chunks.close();
  shared.remove(sample.info.infoHash);
  await expect(store.loadInfo(sample.info.infoHash)).resolves.toBeUndefined();
});

test('a file that has changed since, or cannot be read any more, rejects with `changed` and its name', async () => {
  const shared = new SharedFiles();
  const [first, ...rest] = filesOf();
  if (first === undefined) throw new Error('the sample has files');
  let lastModified = 1;
  let isReadable = true;
  const slice = (start: number, end: number) => (isReadable ? first.slice(start, end) : { arrayBuffer: () => Promise.reject(new Error()) });
  shared.add(sample.info, [
    {
      size: first.size,
      slice,
      get lastModified() {
        return lastModified;
      },
    },
    ...rest,
  ]);
  const chunks = await withSharedFiles(createMemoryChunkStore({}), shared).open(sample.info);
  await expect(chunks.read(0, 100)).resolves.toEqual(sample.run(0, 100));
  lastModified = 2;
  await expect(chunks.read(0, 100)).rejects.toMatchObject({ code: 'changed', message: expect.stringContaining('film.bin') });
  lastModified = 1;
  isReadable = false;
  await expect(chunks.read(0, 100)).rejects.toMatchObject({ code: 'changed' });
  await expect(chunks.read(4000, 100)).resolves.toEqual(sample.run(4000, 100));
});

test('files of other lengths or another number are refused', () => {
  const shared = new SharedFiles();
  expect(() => shared.add(sample.info, filesOf().slice(1))).toThrow(RangeError);
  expect(() => shared.add(sample.info, filesOf().toReversed())).toThrow(RangeError);
  expect(shared.storeOf(sample.info.infoHash)).toBeUndefined();
});
