import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { readInput, writeInput } from './pinned-input';

/*
 * Inputs that failed once, one file each: `pinned/<target>/<what was wrong>.json`. The tests try them for good.
 */

const FOLDER = fileURLToPath(new URL('./pinned', import.meta.url));
const fileSchema = v.object({ property: v.string(), why: v.string(), input: v.unknown() });

export interface PinnedCase {
  readonly target: string;
  readonly name: string;
  readonly property: string;
  /** What was wrong, in a sentence. */
  readonly why: string;
  readonly input: unknown;
}

export async function pinnedCases(): Promise<readonly PinnedCase[]> {
  const paths = (await readdir(FOLDER, { recursive: true })).filter((path) => path.endsWith('.json')).toSorted();
  return Promise.all(
    paths.map(async (path) => {
      const text = await readFile(`${FOLDER}/${path}`, 'utf8');
      const { property, why } = v.parse(fileSchema, JSON.parse(text));
      const [target = '', name = ''] = path.replaceAll('\\', '/').split('/');
      return { target, name, property, why, input: v.parse(fileSchema, readInput(text)).input };
    }),
  );
}

/** @returns the path of the file, from the project's root */
export async function pin(target: string, property: string, why: string, input: unknown): Promise<string> {
  const taken = (await readdir(FOLDER, { recursive: true })).filter((path) => path.includes(property)).length;
  const path = `${target}/${property}-${taken + 1}.json`;
  await mkdir(`${FOLDER}/${target}`, { recursive: true });
  await writeFile(`${FOLDER}/${path}`, `${writeInput({ property, why, input })}\n`);
  return `tests/fuzz/pinned/${path}`;
}
