import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { expect, test } from 'vitest';
import { EXTENSION_DIR } from '@/scripts/build-extension';

/** What is loaded, and where, in kilobytes (1,000 bytes) of gzip at most: each is waited for, the first on every page of the web. */
const BUDGETS_KB: readonly [name: RegExp, kilobytes: number][] = [
  [/^content-scripts\/magnets\.js$/, 12],
  [/^background\.js$/, 10],
  [/^chunks\/player-[\w-]+\.js$/, 25],
  // After the first picture.
  [/^chunks\/load-film-times-[\w-]+\.js$/, 4],
  [/^chunks\/popup-[\w-]+\.js$/, 10],
  [/^chunks\/options-[\w-]+\.js$/, 12],
  [/^chunks\/welcome-[\w-]+\.js$/, 10],
  [/^chunks\/share-[\w-]+\.js$/, 12],
  [/^chunks\/(?:pages|shared)-[\w-]+\.js$/, 40],
  [/^chunks\/offscreen-[\w-]+\.js$/, 120],
  [/^chunks\/webtorrent-[\w-]+\.js$/, 70],
];

test.each(BUDGETS_KB)('%s is small enough', async (name, kilobytes) => {
  const names = (await readdir(EXTENSION_DIR, { recursive: true })).filter((path) => name.test(path.replaceAll('\\', '/')));
  expect(names).not.toEqual([]);
  for (const path of names) {
    const packed = await promisify(gzip)(await readFile(`${EXTENSION_DIR}/${path}`));
    expect(packed.length / 1000, path).toBeLessThan(kilobytes);
  }
});
