import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineMode } from '@/src/protocol/engine-api';
import { launchBrowser, type LaunchedBrowser } from '@/tests/support/launch-browser';
import { storeSettings } from '@/tests/support/stage';
import { BENCH_LAUNCH, browserPid } from './browser-process';
import { extensionSettings } from './extension-settings';
import { openExtensionViewer } from './extension-viewer';
import type { FilledProfile } from './filled-profile';
import { openLinkedFilm } from './open-linked-film';
import { removeFilm, untilVerified } from './player-page';
import { SWARMS, type Surroundings, type Swarm } from './surroundings';
import type { RunningSystem } from './viewer';

export interface ExtensionParts {
  readonly mode: EngineMode;
  readonly extensionDir: string;
  readonly profile: FilledProfile;
}

const MODE_OF_SWARM: Record<Swarm, EngineMode> = { native: 'webrtc', webtorrent: 'webtorrent' };

/** The built extension on both sides. Its seeders hold the film already, in the profile they start with. */
export async function openExtensionSystem(parts: ExtensionParts, around: Surroundings): Promise<RunningSystem> {
  const seeders: Seeder[] = [];
  const close = async (): Promise<void> => {
    for (const seeder of seeders) await seeder.close();
  };
  try {
    for (let round = 0; round < around.scenario.seeders; round++) {
      for (const { swarm, mode } of seedersOf(parts.mode, around)) seeders.push(await openSeeder({ ...parts, mode }, swarm, around));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    swarms: seedersOf(parts.mode, around).map(({ swarm }) => swarm),
    seederPids: seeders.map(({ launched }) => browserPid(launched.browser)),
    openViewer: () => openExtensionViewer(parts, around),
    close,
  };
}

/** One, in the viewer's own mode. Behind lines one in each swarm that the mode knows, so that only both swarms together fill both lines. */
function seedersOf(mode: EngineMode, { scenario }: Surroundings): readonly { readonly swarm: Swarm; readonly mode: EngineMode }[] {
  const both = SWARMS.map((swarm) => ({ swarm, mode: MODE_OF_SWARM[swarm] }));
  if (mode !== 'hybrid') return both.filter((seeder) => seeder.mode === mode);
  return scenario.line === undefined ? [{ swarm: 'native', mode }] : both;
}

interface Seeder {
  readonly launched: LaunchedBrowser;
  close(): Promise<void>;
}

async function openSeeder({ mode, extensionDir, profile }: ExtensionParts, swarm: Swarm, around: Surroundings): Promise<Seeder> {
  const { launch, ...addresses } = around.seeder[swarm];
  const profileDir = await mkdtemp(join(tmpdir(), 'lodestream-bench-seeder-'));
  await cp(profile.path, profileDir, { recursive: true });
  const launched = await launchBrowser({ extensionDir, ...BENCH_LAUNCH, userDataDir: profileDir, ...launch });
  const close = async (): Promise<void> => {
    await launched.close();
    await rm(profileDir, { recursive: true, force: true });
  };
  try {
    await storeSettings(launched, extensionSettings(mode, addresses, around));
    const frame = await openLinkedFilm(launched, profile.magnet);
    await removeFilm(frame);
    await untilVerified(frame, around.film);
    return { launched, close };
  } catch (error) {
    await close();
    throw error;
  }
}
