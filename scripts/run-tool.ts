import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runCommand } from './run-command';
import type { CommandOptions } from './run-command';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a command of an installed package with our own Node. What lies in node_modules/.bin would do elsewhere, but on Windows that is a
 * batch file, which needs a shell.
 * @returns its exit code
 */
export async function runTool([packageName, command]: readonly [string, string], args: readonly string[], options: CommandOptions = {}) {
  const folder = `${ROOT}node_modules/${packageName}`;
  const { bin } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8')) as { bin: string | Record<string, string> };
  const script = typeof bin === 'string' ? bin : bin[command];
  if (script === undefined) throw new Error(`The package ${packageName} has no command ${command}.`);
  return runCommand(process.execPath, [`${folder}/${script}`, ...args], { cwd: ROOT, ...options });
}
