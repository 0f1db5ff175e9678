import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { startProgram, type Child } from '@/tests/support/child-process';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CONFIG = join(ROOT, 'signaling-server/vite.config.ts');
/** In the project, where the packages are found. */
const OUT_DIR = join(ROOT, '.cache/signaling-bench');

const builds = new Map<string, Promise<unknown>>();

/** Starts a server as its host runs it: built into one file for Node, without what runs TypeScript as it is written. */
export async function startBuilt(script: string, env: Readonly<Record<string, string>>): Promise<Child> {
  const outDir = join(OUT_DIR, basename(script, '.ts'));
  let building = builds.get(script);
  if (building === undefined) {
    const ssr = join(ROOT, script);
    building = build({ configFile: CONFIG, logLevel: 'warn', build: { ssr, outDir } });
    builds.set(script, building);
  }
  await building;
  return startProgram(process.execPath, [join(outDir, 'main.mjs')], { env });
}
