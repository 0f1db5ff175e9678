import { fileURLToPath } from 'node:url';
import { runCommand } from './run-command';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Where the built extension lies: what "Load unpacked" takes. */
export const EXTENSION_DIR = fileURLToPath(new URL('../.output/chrome-mv3', import.meta.url));

/** Builds the extension for Chromium (a few seconds). @throws {Error} when the build fails; its output was shown */
export async function buildExtension(): Promise<void> {
  const wxt = fileURLToPath(new URL('../node_modules/wxt/bin/wxt.mjs', import.meta.url));
  const exitCode = await runCommand(process.execPath, [wxt, 'build'], { cwd: ROOT });
  if (exitCode !== 0) throw new Error('The extension could not be built; the lines above say why.');
}
