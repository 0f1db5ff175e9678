import type { LaunchOptions } from '@/tests/support/launch-browser';
import { startScript } from '@/tests/support/child-process';
import { benchFilm, type BenchFilm } from './film';
import type { FarEnd } from './line/open-far-end';
import { openLine, type OpenLine } from './line/open-line';
import type { Scenario } from './scenarios';
import { openSilentStun, type SilentStun } from './silent-stun';
import { startTracker } from './tracker';

/** Which of a scenario's swarms a seeder is in; each has a line of its own where there are lines. */
export const SWARMS = ['native', 'webtorrent'] as const;
export type Swarm = (typeof SWARMS)[number];

/** What one side has to know to meet the other. */
export interface Addresses {
  readonly signalingUrl: string;
  readonly trackerUrl: string;
}

/** Everything around the browsers in one scenario; the same for every system. */
export interface Surroundings {
  readonly scenario: Scenario;
  readonly film: BenchFilm;
  readonly iceServers: readonly { readonly urls: string }[];
  readonly silentStun: SilentStun | undefined;
  readonly viewer: Addresses;
  /** Undefined without lines. */
  readonly farEnds: Readonly<Record<Swarm, FarEnd>> | undefined;
  readonly seeder: Readonly<Record<Swarm, Addresses & { readonly launch: LaunchOptions }>>;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

export async function openSurroundings(scenario: Scenario): Promise<Surroundings> {
  const film = await benchFilm(scenario.filmBytes);
  const lines = scenario.line === undefined ? undefined : await openLines(scenario.line);
  const listenHost = lines === undefined ? LOOPBACK : '0.0.0.0';
  const silentStun = scenario.silentStun ? await openSilentStun() : undefined;
  const tracker = await startTracker(listenHost);
  const signaling = startScript('signaling-server/src/main.ts', [], { env: { HOST: listenHost, PORT: '0', LOG_LEVEL: 'warn' } });
  const [, port = ''] = await signaling.waitForLine(/listening on http:\S+:(\d+)/);

  const addressesAt = (host: string): Addresses => ({
    signalingUrl: `http://${host}:${port}`,
    trackerUrl: `ws://${host}:${tracker.port}`,
  });
  const seederIn = (swarm: Swarm) => ({ ...addressesAt(lines?.[swarm].nearAddress ?? LOOPBACK), launch: lines?.[swarm].launch ?? {} });
  return {
    scenario,
    film,
    iceServers: silentStun === undefined ? [] : [{ urls: silentStun.url }],
    silentStun,
    viewer: addressesAt(LOOPBACK),
    farEnds: lines === undefined ? undefined : { native: lines.native.farEnd, webtorrent: lines.webtorrent.farEnd },
    seeder: { native: seederIn('native'), webtorrent: seederIn('webtorrent') },
    async close() {
      silentStun?.close();
      await Promise.all([tracker.close(), signaling.stop()]);
      if (lines === undefined) return;
      for (const swarm of SWARMS) await lines[swarm].close();
    },
  };
}

async function openLines(line: NonNullable<Scenario['line']>): Promise<Record<Swarm, OpenLine>> {
  return { native: await openLine(line, 1), webtorrent: await openLine(line, 2) };
}
