import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTool } from './run-tool';

/** Where the built extension lies: what "Load unpacked" takes. */
export const EXTENSION_DIR = fileURLToPath(new URL('../.output/chrome-mv3', import.meta.url));

/** A shell or test runner that says otherwise would have the compiler leave debugging code and this machine's paths in. */
export const BUILD_ENV = { NODE_ENV: 'production' } as const;

export interface BuildOptions {
  /** Builds into a folder of its own; default: the project's. */
  readonly outDir?: string;
  /** Shows the build's output only when it fails. */
  readonly quiet?: boolean;
}

/**
 * Builds the extension for Chromium (a few seconds).
 * @returns its folder
 * @throws {Error} when the build fails; its output was shown
 */
export async function buildExtension(signal?: AbortSignal, { outDir, quiet = false }: BuildOptions = {}): Promise<string> {
  const exitCode = await runTool(['wxt', 'wxt'], ['build'], {
    quiet,
    ...(signal === undefined ? {} : { signal }),
    env: { ...BUILD_ENV, ...(outDir === undefined ? {} : { LODESTREAM_OUT_DIR: outDir }) },
  });
  if (exitCode !== 0) throw new Error('The extension could not be built; the lines above say why.');
  return outDir === undefined ? EXTENSION_DIR : join(outDir, 'chrome-mv3');
}
