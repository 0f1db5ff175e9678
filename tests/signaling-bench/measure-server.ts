import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { parsePssBytes } from '@/tests/bench/proc/process-stat';
import type { Child } from '@/tests/support/child-process';
import { startRedisServer } from '@/tests/support/redis-server';
import { BenchClient } from './bench-client';
import { startBuilt } from './built-script';
import { BENCHED_SERVERS, type BenchedServerName } from './dialects';

export interface Load {
  readonly pairs: number;
  /** Offers and answers a second, of all pairs together. */
  readonly pairsPerSecond: number;
  readonly seconds: number;
  readonly idleConnections: number;
}

export interface ServerSample {
  /** CPU time of the server for an offer and its answer, in µs. */
  readonly cpuMicrosPerPair: number;
  /** Memory (PSS) it took more than when it had started, for each connection that does nothing, having announced itself. */
  readonly bytesPerConnection: number;
  /** From the offer's sending to the answer's coming, in ms. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Of ours: limits by address mean nothing where all clients have the same. */
export const UNLIMITED = {
  HOST: '127.0.0.1',
  PORT: '0',
  LOG_LEVEL: 'error',
  MAX_CONNECTIONS: '100000',
  MAX_CONNECTIONS_PER_ADDRESS: '100000',
  CONNECTS_PER_ADDRESS_PER_MINUTE: '1000000',
  POINTS_PER_CONNECTION: '1000000',
  POINTS_PER_ADDRESS: '10000000',
};
type Pairs = readonly (readonly [BenchClient, BenchClient])[];

/** As many clients connect at a time. */
const CONNECTING_AT_ONCE = 50;
/** A server of ours notices within 65 seconds that it has nothing to do, and clears its heap. */
const SETTLING_MS = 66_000;
const WARMING_UP = { pairsPerSecond: 2500, seconds: 8 };

/** One server, or two nodes of one. */
interface Running {
  readonly name: BenchedServerName;
  readonly urls: readonly string[];
  readonly nodes: readonly Child[];
  stop(): Promise<void>;
}

/**
 * Fresh servers, all at once: a second of load for the first, one for the next and so on, over and over. What else the machine does, or how
 * fast it is just now, is then the same for all; between minutes it differs by more than servers do.
 */
export async function measureServers(names: readonly BenchedServerName[], load: Load): Promise<Map<BenchedServerName, ServerSample>> {
  const servers = await Promise.all(names.map(start));
  try {
    await wait(SETTLING_MS);
    const emptyBytes = await Promise.all(servers.map(pssBytesOf));
    const loaded: { readonly server: Running; readonly pairs: Pairs; cpuSeconds: number; readonly latencies: number[] }[] = [];
    for (const server of servers) {
      const pairs = await connectPairs(server.name, server.urls, load.pairs);
      // What is compiled on the first ten thousands of messages is not what they cost.
      await exchange(pairs, WARMING_UP);
      loaded.push({ server, pairs, cpuSeconds: 0, latencies: [] });
    }
    for (let second = 0; second < load.seconds; second++) {
      for (const one of loaded) {
        const before = await cpuSeconds(one.server.nodes);
        one.latencies.push(...(await exchange(one.pairs, { ...load, seconds: 1 })));
        one.cpuSeconds += (await cpuSeconds(one.server.nodes)) - before;
      }
    }
    for (const { pairs } of loaded) for (const pair of pairs) for (const client of pair) client.close();
    const fullBytes = await bytesWithIdle(servers, load.idleConnections);
    return new Map(
      loaded.map(({ server, cpuSeconds: cpu, latencies }, index) => {
        latencies.sort((left, right) => left - right);
        const sample = {
          cpuMicrosPerPair: (cpu * 1e6) / latencies.length,
          p50Ms: latencies[latencies.length >> 1] ?? Number.NaN,
          p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN,
          bytesPerConnection: ((fullBytes[index] ?? Number.NaN) - (emptyBytes[index] ?? Number.NaN)) / load.idleConnections,
        };
        return [server.name, sample];
      }),
    );
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function start(name: BenchedServerName): Promise<Running> {
  const redis = name === 'ours-ws-two-nodes' ? await startRedisServer() : undefined;
  const env = redis === undefined ? UNLIMITED : { ...UNLIMITED, REDIS_URL: redis.url };
  const { script } = BENCHED_SERVERS[name];
  const nodes = await Promise.all(Array.from({ length: redis === undefined ? 1 : 2 }, () => startBuilt(script, env)));
  const urls = await Promise.all(nodes.map(async (node) => (await node.waitForLine(/listening on (http:\S+)/))[1] ?? ''));
  return {
    name,
    urls,
    nodes,
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
      await redis?.stop();
    },
  };
}

/** With so many connections each that do nothing. They settle all at the same time. */
async function bytesWithIdle(servers: readonly Running[], connections: number): Promise<number[]> {
  const clients: BenchClient[] = [];
  for (const { name, urls } of servers) clients.push(...(await connectPairs(name, urls, connections >> 1)).flat());
  await wait(SETTLING_MS);
  const bytes = await Promise.all(servers.map(pssBytesOf));
  for (const client of clients) client.close();
  return bytes;
}

/** @param urls of one server, or of two nodes: then each pair has a client at either */
export async function connectPairs(name: BenchedServerName, urls: readonly string[], count: number): Promise<Pairs> {
  const { dialect } = BENCHED_SERVERS[name];
  const connected: (readonly [BenchClient, BenchClient])[] = [];
  while (connected.length < count) {
    const batch = Array.from({ length: Math.min(CONNECTING_AT_ONCE, count - connected.length) }, async () => {
      const [left, right, swarmId] = Array.from({ length: 3 }, () => randomBytes(20).toString('hex')) as [string, string, string];
      const pair = [
        new BenchClient(urls[0] ?? '', dialect, { peerId: left, partnerId: right, swarmId }),
        new BenchClient(urls.at(-1) ?? '', dialect, { peerId: right, partnerId: left, swarmId }),
      ] as const;
      await Promise.all(pair.map((client) => client.entered));
      return pair;
    });
    connected.push(...(await Promise.all(batch)));
  }
  return connected;
}

/** Each pair in its turn, evenly spread over the time. Returns how long each exchange took, in ms. */
export async function exchange(pairs: Pairs, { pairsPerSecond, seconds }: Pick<Load, 'pairsPerSecond' | 'seconds'>): Promise<number[]> {
  const startMs = performance.now();
  const busy = new Set<number>();
  const running: Promise<number>[] = [];
  for (let index = 0; index < pairsPerSecond * seconds; index++) {
    const dueMs = startMs + (index * 1000) / pairsPerSecond;
    if (dueMs > performance.now()) await wait(Math.max(1, dueMs - performance.now()));
    const at = index % pairs.length;
    const pair = pairs[at];
    // One whose answer is still out waits for its next turn.
    if (pair === undefined || busy.has(at)) continue;
    busy.add(at);
    running.push(timed(pair[index & 1 ? 1 : 0]).finally(() => busy.delete(at)));
  }
  return Promise.all(running);
}

async function timed(client: BenchClient): Promise<number> {
  const startMs = performance.now();
  await client.offer(randomBytes(20).toString('hex'));
  return performance.now() - startMs;
}

/** CPU time of all threads, as the scheduler counts it: to the nanosecond, where `/proc/<pid>/stat` counts in steps of 10 ms. */
async function cpuSeconds(nodes: readonly Child[]): Promise<number> {
  const tasks = await Promise.all(
    nodes.map(async ({ pid }) => (await readdir(`/proc/${pid}/task`)).map((task) => `/proc/${pid}/task/${task}`)),
  );
  const stats = await Promise.all(tasks.flat().map((task) => readFile(`${task}/schedstat`, 'utf8')));
  return stats.reduce((seconds, stat) => seconds + Number(stat.split(' ', 1)[0]) / 1e9, 0);
}

async function pssBytesOf({ nodes }: Running): Promise<number> {
  return (await Promise.all(nodes.map(pssBytes))).reduce((sum, bytes) => sum + bytes, 0);
}

export async function pssBytes({ pid }: Child): Promise<number> {
  return parsePssBytes(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? Number.NaN;
}
