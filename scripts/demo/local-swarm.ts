import { startScript, type Child } from '@/tests/support/child-process';
import { DEFAULT_SETTINGS } from '@/src/settings/schema';
import { filmPath } from '@/tests/support/films';
import type { DemoFilm } from './films';
import { say } from './progress';
import type { Teardown } from './teardown';

export interface SharedFilm extends DemoFilm {
  readonly magnet: string;
}

export interface LocalSwarm {
  readonly signalingUrl: string;
  readonly films: readonly SharedFilm[];
  /** Signaling server and seeders, by the name a person would know. */
  readonly children: ReadonlyMap<string, Child>;
}

export interface LocalSwarmOptions {
  readonly films: readonly DemoFilm[];
  /** Kilobytes a second of each seeder; undefined for no limit. */
  readonly uploadLimitKilobytes: number | undefined;
  readonly teardown: Teardown;
}

const DEFAULT_PORT = Number(new URL(DEFAULT_SETTINGS.signalingServers[0]?.url ?? 'http://127.0.0.1:8787').port);

/** Starts the signaling server and one seeder a film, each in a process of its own, on this computer only. */
export async function startLocalSwarm({ films, uploadLimitKilobytes, teardown }: LocalSwarmOptions): Promise<LocalSwarm> {
  const children = new Map<string, Child>();
  teardown.own(() => Promise.all(Array.from(children.values(), (child) => child.stop())));

  let signalingUrl = await startSignaling(DEFAULT_PORT, children);
  teardown.signal.throwIfAborted();
  signalingUrl ??= await startSignaling(0, children);
  if (signalingUrl === undefined) throw new Error('The signaling server did not start.');
  say(`Signaling server: ${signalingUrl}`);
  teardown.signal.throwIfAborted();

  const limit = uploadLimitKilobytes === undefined ? [] : ['--upload-limit', String(uploadLimitKilobytes)];
  const shared = films.map(async (film): Promise<SharedFilm> => {
    const child = startScript('scripts/seed.ts', [filmPath(film.file), '--signaling', signalingUrl, ...limit]);
    children.set(`seeder of ${film.file}`, child);
    const [magnet] = await child.waitForLine(/^magnet:\S+$/);
    await child.waitForLine(/^Signaling: .*connected/);
    say(`Seeder ready: ${film.file}`);
    return { ...film, magnet };
  });
  return { signalingUrl, films: await Promise.all(shared), children };
}

/** @returns its address; undefined when the port is taken */
async function startSignaling(port: number, children: Map<string, Child>): Promise<string | undefined> {
  const child = startScript('signaling-server/src/main.ts', [], { env: { HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'warn' } });
  children.set('signaling server', child);
  try {
    const [, url] = await child.waitForLine(/listening on (http:\S+)/);
    return url;
  } catch (error) {
    if (port === 0 || !child.lines.some((line) => line.includes('already taken'))) throw error;
    say(`Port ${port} is taken; the signaling server takes a free one.`);
    return undefined;
  }
}

/** What the children said last, for a person who wants to know why it did not work. */
export function lastWords(children: ReadonlyMap<string, Child>): string {
  return Array.from(children, ([name, { lines }]) =>
    [`Last lines of the ${name}:`, ...lines.slice(-8).map((line) => `  ${line}`)].join('\n'),
  ).join('\n');
}
