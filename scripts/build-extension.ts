import { fileURLToPath } from 'node:url';
import { runTool } from './run-tool';

/** Where the built extension lies: what "Load unpacked" takes. */
export const EXTENSION_DIR = fileURLToPath(new URL('../.output/chrome-mv3', import.meta.url));

/** Builds the extension for Chromium (a few seconds). @throws {Error} when the build fails; its output was shown */
export async function buildExtension(signal?: AbortSignal): Promise<void> {
  const exitCode = await runTool(['wxt', 'wxt'], ['build'], signal === undefined ? {} : { signal });
  if (exitCode !== 0) throw new Error('The extension could not be built; the lines above say why.');
}
