import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export interface SourceFile {
  /** From the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** A sentence that says where, what is wrong and what to do instead. */
export type Violation = string;

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FOLDERS = ['src', 'entrypoints', 'signaling-server/src', 'scripts', 'tests'];
const SOURCE = /\.(?:ts|tsx|mjs|js)$/;

/** Every source file of the project as it lies on disk, committed or not. */
export async function projectFiles(): Promise<readonly SourceFile[]> {
  const lists = await Promise.all(FOLDERS.map((folder) => sourcePaths(folder)));
  return Promise.all(lists.flat().map(async (path) => ({ path, text: await readFile(`${ROOT}/${path}`, 'utf8') })));
}

async function sourcePaths(folder: string): Promise<readonly string[]> {
  const names = await readdir(`${ROOT}/${folder}`, { recursive: true });
  return names
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => SOURCE.test(path))
    .toSorted();
}
