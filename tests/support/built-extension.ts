import { buildExtension } from '@/scripts/build-extension';

/** Set by scripts/test.ts, which builds in a step of its own. */
const ALREADY_BUILT = 'LODESTREAM_EXTENSION_BUILT';

/** Vitest calls it once before the browser suites: they run what a viewer would install, never stale output. */
export async function setup(): Promise<void> {
  if (process.env[ALREADY_BUILT] !== '1') await buildExtension(undefined, { quiet: true });
}
