import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { describeTorrent, placesOf } from '@/src/host/node-torrent';
import { createSeedStore } from '@/src/store/seed-store';
import { selectionOf } from '@/src/ui/share/selection';

const found = (...paths: string[]) => paths.map((path) => ({ path: path.split('/'), file: new File(['x'], path) }));
const pathsOf = (...paths: string[]) => selectionOf(found(...paths)).files.map(({ path }) => path.join('/'));

test('one file is shared by its name, a folder by its own, several things as a folder of a name to choose', () => {
  expect(selectionOf(found('film.mp4'))).toMatchObject({ kind: 'file', name: 'film.mp4', totalBytes: 1 });
  expect(selectionOf(found('films/b.mp4', 'films/a.mp4'))).toMatchObject({ kind: 'folder', name: 'films', totalBytes: 2 });
  expect(pathsOf('films/b.mp4', 'films/a.mp4')).toEqual(['a.mp4', 'b.mp4']);
  expect(selectionOf(found('films/a.mp4', 'b.txt'))).toMatchObject({ kind: 'several', name: 'Shared files' });
  expect(pathsOf('films/a.mp4', 'b.txt')).toEqual(['b.txt', 'films/a.mp4']);
  expect(selectionOf(found('a.txt', 'a.txt')).kind).toBe('several');
});

test('hidden files, and what is in hidden folders, are left out', () => {
  expect(pathsOf('films/.DS_Store', 'films/.git/config', 'films/a.mp4')).toEqual(['a.mp4']);
  expect(selectionOf(found('.secret'))).toMatchObject({ files: [], totalBytes: 0 });
});

test('several paths are one torrent to the seeder, too, and served from where they are', async () => {
  const root = await mkdtemp(join(tmpdir(), 'several-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, 'elsewhere', 'films'), { recursive: true });
  await writeFile(join(root, 'elsewhere', 'films', 'a.mp4'), 'film');
  await writeFile(join(root, 'b.txt'), 'text');
  const paths = [join(root, 'elsewhere', 'films'), join(root, 'b.txt')];
  const { info } = await describeTorrent({ name: 'Both', paths }, () => undefined);
  expect(info.files.map(({ path }) => path.join('/'))).toEqual(pathsOf('films/a.mp4', 'b.txt'));
  const store = createSeedStore({ info, path: root, places: placesOf(paths) });
  const chunks = await store.open(info);
  expect(Buffer.from(await chunks.read(0, 8)).toString()).toBe('textfilm');
  await store.close();
  expect(() => placesOf(['a/film.mp4', 'b/film.mp4'])).toThrow(/named film\.mp4/);
});
