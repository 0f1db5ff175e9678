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

/** What all systems of one scenario share. */
export interface Ground {
  readonly scenario: Scenario;
  readonly film: BenchFilm;
  readonly silentStun: SilentStun | undefined;
  /** Undefined without lines. */
  readonly farEnds: Readonly<Record<Swarm, FarEnd>> | undefined;
  /**
   * For one system: it has a tracker and a signaling server of its own. Systems that cut the film into the same pieces have one info hash,
   * and would fetch from each other's seeders.
   */
  openSurroundings(): Promise<Surroundings>;
  close(): Promise<void>;
}

/** Everything around the browsers of one system in one scenario. */
export interface Surroundings extends Pick<Ground, 'scenario' | 'film'> {
  readonly iceServers: readonly { readonly urls: string }[];
  readonly viewer: Addresses;
  readonly seeder: Readonly<Record<Swarm, Addresses & { readonly launch: LaunchOptions }>>;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

export async function openGround(scenario: Scenario): Promise<Ground> {
  const film = await benchFilm(scenario.filmBytes);
  const lines = scenario.line === undefined ? undefined : await openLines(scenario.line);
  const silentStun = scenario.silentStun ? await openSilentStun() : undefined;
  const opened: Surroundings[] = [];
  return {
    scenario,
    film,
    silentStun,
    farEnds: lines === undefined ? undefined : { native: lines.native.farEnd, webtorrent: lines.webtorrent.farEnd },
    async openSurroundings() {
      const { addressesAt, close } = await openServers(lines === undefined ? LOOPBACK : '0.0.0.0');
      const seederIn = (swarm: Swarm) => ({ ...addressesAt(lines?.[swarm].nearAddress ?? LOOPBACK), launch: lines?.[swarm].launch ?? {} });
      const around: Surroundings = {
        scenario,
        film,
        iceServers: silentStun === undefined ? [] : [{ urls: silentStun.url }],
        viewer: addressesAt(LOOPBACK),
        seeder: { native: seederIn('native'), webtorrent: seederIn('webtorrent') },
        close,
      };
      opened.push(around);
      return around;
    },
    async close() {
      silentStun?.close();
      for (const around of opened) await around.close();
      if (lines === undefined) return;
      for (const swarm of SWARMS) await lines[swarm].close();
    },
  };
}

interface Servers {
  readonly addressesAt: (host: string) => Addresses;
  readonly close: () => Promise<void>;
}

async function openServers(listenHost: string): Promise<Servers> {
  const tracker = await startTracker(listenHost);
  const signaling = startScript('signaling-server/src/main.ts', [], { env: { HOST: listenHost, PORT: '0', LOG_LEVEL: 'warn' } });
  const [, port = ''] = await signaling.waitForLine(/listening on http:\S+:(\d+)/);
  return {
    addressesAt: (host) => ({ signalingUrl: `http://${host}:${port}`, trackerUrl: `ws://${host}:${tracker.port}` }),
    async close() {
      await Promise.all([tracker.close(), signaling.stop()]);
    },
  };
}

async function openLines(line: NonNullable<Scenario['line']>): Promise<Record<Swarm, OpenLine>> {
  return { native: await openLine(line, 1), webtorrent: await openLine(line, 2) };
}
