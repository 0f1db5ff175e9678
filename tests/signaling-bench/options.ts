import { parseArgs } from 'node:util';
import { BENCHED_SERVER_NAMES, type BenchedServerName } from './dialects';

export const USAGE = `Usage: npm run bench:signaling [-- --server NAME]… [--runs N] [--pairs-per-second N] [--seconds N] [--connections N] [--json FILE]
       npm run bench:signaling -- --rejoin N

One load generator against all servers, a second each in turn: A B A B. Pairs of clients send each other offers and answers.
  --server NAME           ${BENCHED_SERVER_NAMES.join(', ')};
                          may be given several times (default: all)
  --runs N                of each server (default 3)
  --pairs-per-second N    offers and answers a second (default 500)
  --seconds N             of them, in each run (default 8)
  --connections N         that do nothing, for the memory of each (default 2000)
  --rejoin N              instead: how long N clients take to be back after their server was killed and started again, and N of one of
                          two nodes (Redis between them) to relay through the other after theirs was killed
  --json FILE             writes {server: {cpuMicrosPerPair, bytesPerConnection, p50Ms, p99Ms}}, each {median, min, max, n}`;

export interface SignalingBenchOptions {
  readonly servers: readonly BenchedServerName[];
  readonly runs: number;
  readonly pairsPerSecond: number;
  readonly seconds: number;
  readonly idleConnections: number;
  readonly jsonPath: string | undefined;
  /** Undefined: not that, but all the rest. */
  readonly rejoin: number | undefined;
}

export class UsageError extends Error {}

/** @returns undefined when only help was asked for. @throws {UsageError} */
export function readOptions(args: readonly string[]): SignalingBenchOptions | undefined {
  const { values } = parse(args);
  if (values.help) return undefined;
  const stranger = values.server?.find((name) => !BENCHED_SERVER_NAMES.some((known) => known === name));
  if (stranger !== undefined) throw new UsageError(`--server ${stranger}: there are ${BENCHED_SERVER_NAMES.join(', ')}.`);
  return {
    servers: BENCHED_SERVER_NAMES.filter((name) => values.server?.includes(name) ?? true),
    runs: whole('--runs', values.runs, 3, 100),
    pairsPerSecond: whole('--pairs-per-second', values['pairs-per-second'], 500, 20_000),
    seconds: whole('--seconds', values.seconds, 8, 600),
    idleConnections: whole('--connections', values.connections, 2000, 20_000),
    jsonPath: values.json,
    rejoin: values.rejoin === undefined ? undefined : whole('--rejoin', values.rejoin, 0, 20_000),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        server: { type: 'string', multiple: true },
        runs: { type: 'string' },
        'pairs-per-second': { type: 'string' },
        seconds: { type: 'string' },
        connections: { type: 'string' },
        json: { type: 'string' },
        rejoin: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function whole(flag: string, text: string | undefined, byDefault: number, max: number): number {
  if (text === undefined) return byDefault;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > max) throw new UsageError(`${flag} is a whole number from 1 to ${max}.`);
  return value;
}
