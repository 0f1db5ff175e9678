import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Teardown } from './teardown';

/** The last process of a browser may still write while its profile is being removed. */
const REMOVAL = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 } as const;

/** A folder that goes with the demo, even with one that is ended the hard way. */
export function makeTemporaryFolder(teardown: Teardown): string {
  // At once: a process that ends between the making and the promise to remove it (its terminal is gone, say) would leave it behind.
  const folder = mkdtempSync(join(tmpdir(), 'lodestream-demo-'));
  const removeNow = (): void => rmSync(folder, REMOVAL);
  process.once('exit', removeNow);
  teardown.own(async () => {
    await rm(folder, REMOVAL);
    process.off('exit', removeNow);
  });
  return folder;
}
