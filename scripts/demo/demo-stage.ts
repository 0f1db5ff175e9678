import { join } from 'node:path';
import { buildExtension } from '@/scripts/build-extension';
import { findBrowser } from '@/scripts/browser';
import { serveDemoPage } from './demo-page';
import { demoFilms } from './films';
import { startLocalSwarm, type LocalSwarm } from './local-swarm';
import type { DemoOptions } from './options';
import { say } from './progress';
import type { Teardown } from './teardown';
import { makeTemporaryFolder } from './temporary-folder';

/** Everything a viewer needs: the built extension, the servers and the peers, and the page with the links. */
export interface DemoStage {
  readonly extensionDir: string;
  /** For browser profiles; removed at the end. */
  readonly folder: string;
  readonly swarm: LocalSwarm;
  readonly pageUrl: string;
  readonly teardown: Teardown;
}

/** Slow enough that a second viewer gets most of the film from the first one, fast enough to play at once. */
const SHARED_SEEDER_KILOBYTES = 400;

export async function setStage({ headless, viewers }: DemoOptions, teardown: Teardown): Promise<DemoStage> {
  say('Looking for a browser (at once if there is one; installing one takes a minute or two) …');
  const { executablePath } = await findBrowser();
  say(`Browser: ${executablePath}`);
  teardown.signal.throwIfAborted();

  say('Building the extension and starting the servers (about 10 s) …');
  const folder = makeTemporaryFolder(teardown);
  const building = buildExtension(teardown.signal, { outDir: join(folder, 'extension'), quiet: true });
  teardown.own(() => building.catch(() => undefined));
  const [extensionDir, swarm] = await allOrFirstFailure([
    building,
    startLocalSwarm({ films: demoFilms(headless), uploadLimitKilobytes: viewers === 2 ? SHARED_SEEDER_KILOBYTES : undefined, teardown }),
  ]);
  teardown.signal.throwIfAborted();
  const pageUrl = await serveDemoPage(swarm, teardown);
  say(`Demo page: ${pageUrl}`);
  return { extensionDir, folder, swarm, pageUrl, teardown };
}

/** Waits for both even when one fails: what the other one began must not be forgotten half-way. */
async function allOrFirstFailure<A, B>([first, second]: readonly [Promise<A>, Promise<B>]): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}
