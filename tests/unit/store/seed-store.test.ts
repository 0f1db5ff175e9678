import { appendFile, mkdir, mkdtemp, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSeedStore } from '@/src/store/seed-store';
import { sampleTorrent, type SampleTorrent } from '@/tests/contract/sample-torrent';

describe('the seed store', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'seed-store-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  async function lay(sample: SampleTorrent): Promise<void> {
    for (const file of sample.info.files.filter(({ padding }) => !padding)) {
      const target = path.join(directory, ...file.path);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, sample.run(file.offsetBytes, file.lengthBytes));
    }
  }

  test('a folder is served as a complete torrent, padding and empty files included', async () => {
    const sample = sampleTorrent({ fileLengths: [3500, -500, 0, 5500] });
    await lay(sample);
    const store = createSeedStore({ info: sample.info, path: directory });
    await expect(store.list()).resolves.toEqual([{ infoHash: sample.info.infoHash, storedBytes: 9500, roomBytes: 0 }]);
    await expect(store.loadInfo(sample.info.infoHash)).resolves.toEqual(sample.info.infoBytes);
    const chunks = await store.open(sample.info);
    expect(chunks.verifiedAtOpen.isFull).toBe(true);
    await expect(chunks.read(0, 9500)).resolves.toEqual(sample.run(0, 9500));
    await expect(chunks.read(3499, 600)).resolves.toEqual(sample.run(3499, 600));
    await store.close();
  });

  test('a single file is served under whatever name it has', async () => {
    const sample = sampleTorrent({ fileLengths: [9500] });
    const film = path.join(directory, 'renamed.mkv');
    await writeFile(film, sample.run(0, 9500));
    const store = createSeedStore({ info: sample.info, path: film });
    const chunks = await store.open(sample.info);
    await expect(chunks.read(1234, 5678)).resolves.toEqual(sample.run(1234, 5678));
    await store.close();
  });

  test('nothing is written and nothing removed', async () => {
    const sample = sampleTorrent({ fileLengths: [9500] });
    await lay(sample);
    const store = createSeedStore({ info: sample.info, path: directory });
    const chunks = await store.open(sample.info);
    await chunks.write(0, new Uint8Array(1000));
    await chunks.commit();
    await chunks.close();
    await expect(store.remove(sample.info.infoHash)).rejects.toMatchObject({ code: 'io' });
    await store.remove(sampleTorrent({ seed: 2 }).info.infoHash);
    expect(new Uint8Array(await readFile(path.join(directory, 'part 0', 'film.bin')))).toEqual(sample.run(0, 9500));
  });

  test('another torrent has no place in it', async () => {
    const sample = sampleTorrent({ fileLengths: [9500] });
    await lay(sample);
    const other = sampleTorrent({ seed: 2 });
    const store = createSeedStore({ info: sample.info, path: directory });
    await expect(store.open(other.info)).rejects.toMatchObject({ code: 'io' });
    await expect(store.loadInfo(other.info.infoHash)).resolves.toBeUndefined();
  });

  test('a file of another size, or none, is not served at all', async () => {
    const sample = sampleTorrent({ fileLengths: [3500, 6000] });
    await lay(sample);
    const second = path.join(directory, 'part 1', 'film.bin');
    await appendFile(second, 'more');
    await expect(createSeedStore({ info: sample.info, path: directory }).open(sample.info)).rejects.toMatchObject({ code: 'changed' });
    await rm(second);
    await expect(createSeedStore({ info: sample.info, path: directory }).open(sample.info)).rejects.toMatchObject({ code: 'changed' });
  });

  test.each([
    { what: 'is cut short', change: (file: string) => truncate(file, 5000) },
    { what: 'grows', change: (file: string) => appendFile(file, 'more') },
    { what: 'is rewritten at the same size', change: (file: string) => utimes(file, 1, 1) },
  ])('a file that $what while it is served is not read any more', async ({ change }) => {
    const sample = sampleTorrent({ fileLengths: [3500, 6000] });
    await lay(sample);
    const store = createSeedStore({ info: sample.info, path: directory });
    const chunks = await store.open(sample.info);
    await expect(chunks.read(9000, 500)).resolves.toEqual(sample.run(9000, 500));
    await change(path.join(directory, 'part 1', 'film.bin'));
    await expect(chunks.read(9000, 500)).rejects.toMatchObject({ code: 'changed' });
    await expect(chunks.read(0, 3500)).resolves.toEqual(sample.run(0, 3500));
    await store.close();
  });

  test('a path that leads out of the folder is refused', async () => {
    const sample = sampleTorrent({ fileLengths: [9500] });
    const info = { ...sample.info, files: sample.info.files.map((file) => ({ ...file, path: ['..', 'film.bin'] })) };
    await expect(createSeedStore({ info, path: directory }).open(info)).rejects.toMatchObject({ code: 'io' });
  });
});
