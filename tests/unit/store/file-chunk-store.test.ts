import { mkdtemp, readFile, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import { createFileChunkStore } from '@/src/store/file-chunk-store';
import { sampleTorrent, type SampleTorrent } from '@/tests/contract/sample-torrent';

const renamed = (sample: SampleTorrent, ...paths: readonly (readonly string[])[]): TorrentInfo => ({
  ...sample.info,
  files: sample.info.files.map((file, index) => ({ ...file, path: paths[index] ?? file.path })),
});

describe('the file store', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'file-store-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  async function download(sample: SampleTorrent, pieces: readonly number[]): Promise<void> {
    const store = createFileChunkStore({ directory });
    const chunks = await store.open(sample.info);
    for (const piece of pieces) await chunks.write(piece, sample.piece(piece));
    await store.close();
  }

  test('a finished download is there as files under their own names', async () => {
    const sample = sampleTorrent({ fileLengths: [3500, 6000] });
    await download(sample, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const files = path.join(directory, sample.info.infoHash, 'files');
    expect(new Uint8Array(await readFile(path.join(files, 'part 0', 'film.bin')))).toEqual(sample.run(0, 3500));
    expect(new Uint8Array(await readFile(path.join(files, 'part 1', 'film.bin')))).toEqual(sample.run(3500, 6000));
  });

  test('padding is read as zeros and kept nowhere', async () => {
    const sample = sampleTorrent({ fileLengths: [3500, -500, 5500] });
    await download(sample, [0, 1, 2, 3, 4]);
    expect((await readdir(path.join(directory, sample.info.infoHash, 'files'))).toSorted()).toEqual(['part 0', 'part 2']);
    const chunks = await createFileChunkStore({ directory }).open(sample.info);
    await expect(chunks.read(3000, 1500)).resolves.toEqual(sample.run(3000, 1500));
    await chunks.close();
  });

  test('padding that is not zeros is refused', async () => {
    const sample = sampleTorrent({ fileLengths: [3500, -500, 5500] });
    const chunks = await createFileChunkStore({ directory }).open(sample.info);
    await expect(chunks.write(3, new Uint8Array(1000).fill(1))).rejects.toMatchObject({ code: 'io' });
    await expect(chunks.read(3000, 1)).rejects.toMatchObject({ code: 'missing' });
    await chunks.close();
  });

  test.each([
    { what: 'goes up', names: ['..', 'film.bin'] },
    { what: 'goes up in one name', names: ['../film.bin'] },
    { what: 'is a folder itself', names: ['.'] },
    { what: 'holds a separator', names: ['a/b'] },
    { what: 'holds the other separator', names: ['a\\b'] },
    { what: 'is empty', names: [''] },
    { what: 'holds a zero byte', names: ['film\0.bin'] },
    { what: 'has no parts', names: [] },
  ])('a file whose path $what is refused before anything is written', async ({ names }) => {
    const sample = sampleTorrent({ fileLengths: [3500, 6000] });
    await expect(createFileChunkStore({ directory }).open(renamed(sample, names))).rejects.toMatchObject({ code: 'io' });
    await expect(readdir(directory)).resolves.toEqual([]);
  });

  test('two files that would be one on some disks are refused', async () => {
    const sample = sampleTorrent({ fileLengths: [3500, 6000] });
    const info = renamed(sample, ['Film.bin'], ['film.bin']);
    await expect(createFileChunkStore({ directory }).open(info)).rejects.toMatchObject({ code: 'io' });
  });

  test('a file that was cut short since is downloaded again from there', async () => {
    const sample = sampleTorrent({ fileLengths: [3500, 6000] });
    await download(sample, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await truncate(path.join(directory, sample.info.infoHash, 'files', 'part 1', 'film.bin'), 2000);
    const chunks = await createFileChunkStore({ directory }).open(sample.info);
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((piece) => chunks.verifiedAtOpen.has(piece))).toEqual([0, 1, 2, 3, 4]);
    await chunks.close();
  });

  test('a file that vanishes while it is open is reported, not made up', async () => {
    const sample = sampleTorrent({ fileLengths: [3500, 6000] });
    await download(sample, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const chunks = await createFileChunkStore({ directory }).open(sample.info);
    await rm(path.join(directory, sample.info.infoHash, 'files', 'part 1'), { recursive: true });
    await expect(chunks.read(9000, 1)).rejects.toMatchObject({ code: 'io' });
    await expect(chunks.read(0, 3500)).resolves.toEqual(sample.run(0, 3500));
    await chunks.close();
  });

  test('other things in its folder are left alone', async () => {
    const sample = sampleTorrent();
    await download(sample, [0]);
    await download(sampleTorrent({ seed: 2 }), [0]);
    const store = createFileChunkStore({ directory });
    await store.remove(sample.info.infoHash);
    await expect(store.list()).resolves.toHaveLength(1);
    await store.close();
  });
});
