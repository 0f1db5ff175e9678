import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { STORES, zipExtension, type Store } from '@/scripts/zip-extension';
import { zipEntries } from '@/tests/support/zip-entries';

/** What is uploaded to the stores. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

async function zipAnew(store: Store): Promise<Buffer> {
  const outDir = await mkdtemp(join(tmpdir(), 'lodestream-zip-'));
  onTestFinished(() => rm(outDir, { recursive: true, force: true }));
  return readFile(await zipExtension(store, { outDir, quiet: true }));
}

test.each(STORES)('two builds for %s in two places give the same bytes: the extension, and nothing of its making', async (store) => {
  const zip = await zipAnew(store);
  expect(zip.equals(await zipAnew(store))).toBe(true);

  const entries = zipEntries(zip);
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const manifest = JSON.parse(String(entries.get('manifest.json'))) as { version: string; icons: Record<string, string> };
  expect(manifest.version).toBe(version);
  const names = [...entries.keys()];
  expect(names).toEqual(names.toSorted());
  expect(names).toEqual(expect.arrayContaining(Object.values(manifest.icons)));
  expect(names.filter((name) => /\.(?:map|tsx?|mp4|mkv|webm)$|test|fixture|node_modules/.test(name))).toEqual([]);
  for (const [name, body] of entries) {
    expect(body.includes('sourceMappingURL='), name).toBe(false);
    expect(body.includes(ROOT), name).toBe(false);
  }
});
