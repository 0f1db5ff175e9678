import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILD_ENV, type BuildOptions } from './build-extension';
import { runTool } from './run-tool';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Whose store the zip is for. */
export const STORES = ['chrome', 'edge'] as const;
export type Store = (typeof STORES)[number];

/**
 * Builds the extension and packs it as a store takes it. The same commit gives the same bytes: WXT sorts the entries and leaves their dates
 * out.
 * @returns the zip's path
 * @throws {Error} when the build fails; its output was shown
 */
export async function zipExtension(store: Store, { outDir = join(ROOT, '.output'), quiet = false }: BuildOptions = {}): Promise<string> {
  const exitCode = await runTool(['wxt', 'wxt'], ['zip', '-b', store], { quiet, env: { ...BUILD_ENV, LODESTREAM_OUT_DIR: outDir } });
  if (exitCode !== 0) throw new Error('The extension could not be packed; the lines above say why.');
  const { name, version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { name: string; version: string };
  return join(outDir, `${name}-${version}-${store}.zip`);
}
