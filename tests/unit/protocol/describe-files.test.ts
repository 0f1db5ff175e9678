import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { describeTorrent } from '@/src/host/node-torrent';
import { describeFiles, inNameOrder, type DescribeFilesOptions } from '@/src/protocol/describe-files';
import { fakeFilm } from '@/tests/support/local-swarm';

const sha1 = async (bytes: Uint8Array): Promise<Uint8Array> => createHash('sha1').update(bytes).digest();

const sha1Never = (): never => {
  throw new Error('was read');
};

function options(change: Partial<DescribeFilesOptions> = {}): DescribeFilesOptions {
  const file = new File([fakeFilm(100_000)], 'film.mp4', { lastModified: 1 });
  const files = [{ path: ['film.mp4'], file }];
  return { name: 'film.mp4', single: true, files, sha1, onProgress: () => undefined, signal: new AbortController().signal, ...change };
}

test('a folder is the same torrent in a page as in the seeder, files of more than one read and empty ones included', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'describe-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const contents = {
    'b/two.bin': fakeFilm(5_000_000, 2),
    'a.bin': fakeFilm(9_100_000),
    'b/empty.txt': new Uint8Array(0),
    'b-1': fakeFilm(7),
  };
  const files = [];
  for (const [path, bytes] of Object.entries(contents)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
    files.push({ path: path.split('/'), file: new File([bytes], path) });
  }
  const progress: number[] = [];
  const name = folder.split('/').at(-1) ?? '';
  const info = await describeFiles(
    options({ name, single: false, files: inNameOrder(files), onProgress: (bytes) => progress.push(bytes) }),
  );
  expect(info).toEqual((await describeTorrent(folder, () => undefined)).info);
  expect(progress.at(-1)).toBe(info.totalBytes);
  expect(progress.length).toBeGreaterThan(2);
});

test.each<[string, Partial<DescribeFilesOptions>, RegExp]>([
  ['nothing', { files: [] }, /nothing to share/],
  ['empty files', { files: [{ path: ['a'], file: new File([], 'a') }] }, /every file is empty/],
  [
    'two files of one name',
    { single: false, files: ['x', 'y'].map((text) => ({ path: ['a'], file: new File([text], 'a') })) },
    /Two files/,
  ],
  ['a name that viewers refuse', { name: '..' }, /leads out of its folder/],
  [
    'too many files',
    { single: false, files: Array.from({ length: 100_001 }, (_, index) => ({ path: [`${index}`], file: new File(['x'], 'x') })) },
    /too many files/,
  ],
])('of %s it says what is wrong before it reads', async (_, change, words) => {
  await expect(describeFiles(options({ ...change, sha1: sha1Never }))).rejects.toThrow(words);
});

test('a file that changes, shrinks or cannot be read meanwhile is named', async () => {
  const bytes = fakeFilm(100_000);
  const read = (lengthBytes: number) => ({ slice: () => ({ arrayBuffer: async () => bytes.buffer.slice(0, lengthBytes) }) });
  let touched = 0;
  const touchedFile = {
    ...read(100_000),
    size: 100_000,
    get lastModified() {
      return touched++;
    },
  };
  const unreadable = { size: 9, lastModified: 1, slice: () => ({ arrayBuffer: () => Promise.reject(new Error('NotReadableError')) }) };
  for (const file of [touchedFile, { ...read(5), size: 9, lastModified: 1 }, unreadable]) {
    await expect(describeFiles(options({ files: [{ path: ['sub', 'film.mp4'], file }] }))).rejects.toThrow(/“sub\/film\.mp4”.+changed/);
  }
});

test('it ends as soon as it is cancelled', async () => {
  const abort = new AbortController();
  const file = new File([fakeFilm(9_000_000)], 'film.mp4');
  let reports = 0;
  const describing = describeFiles(
    options({
      files: [{ path: ['film.mp4'], file }],
      signal: abort.signal,
      onProgress: () => {
        reports++;
        abort.abort(new Error('cancelled'));
      },
    }),
  );
  await expect(describing).rejects.toThrow('cancelled');
  expect(reports).toBe(1);
});
