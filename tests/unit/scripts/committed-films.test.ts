import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filmPath } from '@/tests/support/films';

/** Every clone carries them, in each version they ever had. */
const MAX_BYTES = 10_000_000;

test('the committed films, with what lies beside them, are 10 MB at most', async () => {
  const entries = await readdir(filmPath('..'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  expect(files).toContain(filmPath('film.mkv'));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MAX_BYTES);
});
