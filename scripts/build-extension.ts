import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './run-command';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Where the built extension lies: what "Load unpacked" takes. */
export const EXTENSION_DIR = fileURLToPath(new URL('../.output/chrome-mv3', import.meta.url));

export interface BuildOptions {
  /** Builds into a folder of its own; default: the project's. */
  readonly outDir?: string;
  /** Shows the build's output only when it fails. */
  readonly quiet?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Builds the extension for Chromium (a few seconds).
 * @returns its folder
 * @throws {Error} when the build fails; its output was shown
 */
export async function buildExtension({ outDir, ...options }: BuildOptions = {}): Promise<string> {
  const wxt = fileURLToPath(new URL('../node_modules/wxt/bin/wxt.mjs', import.meta.url));
  const env = outDir === undefined ? {} : { LODESTREAM_OUT_DIR: outDir };
  const exitCode = await runCommand(process.execPath, [wxt, 'build'], { cwd: ROOT, env, ...options });
  if (exitCode !== 0) throw new Error('The extension could not be built; the lines above say why.');
  return outDir === undefined ? EXTENSION_DIR : join(outDir, 'chrome-mv3');
}
