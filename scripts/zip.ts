import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { STORES, zipExtension } from './zip-extension';

/** `npm run zip`: what is uploaded to the stores, with the hash by which anybody can check that it is of this source. */
try {
  const lines: string[] = [];
  for (const store of STORES) {
    const path = await zipExtension(store, { quiet: true });
    const hash = createHash('sha256').update(await readFile(path));
    lines.push(`${hash.digest('hex')}  ${relative('.', path)}`);
  }
  console.log(lines.join('\n'));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
