import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { backoffDelayMs } from '@/src/base/backoff';
import type { Child } from '@/tests/support/child-process';
import { startRedisServer } from '@/tests/support/redis-server';
import { BenchClient } from './bench-client';
import { startBuilt } from './built-script';
import { BENCHED_SERVERS, type Identity } from './dialects';
import { UNLIMITED } from './measure-server';

/** As the extension tries again. */
const BACKOFF = { minMs: 1000, maxMs: 30_000 };
const { script, dialect } = BENCHED_SERVERS['ours-ws'];
/** Clients connect so many at a time at first: only their coming back is measured. */
const CONNECTING_AT_ONCE = 100;

export interface RejoinTimes {
  readonly clients: number;
  readonly medianMs: number;
  readonly lastMs: number;
}

/** All clients of a server that is killed and started again at once, from its start until each has announced itself. */
export async function measureRestart(clients: number): Promise<RejoinTimes> {
  const first = await startBuilt(script, UNLIMITED);
  const url = await urlOf(first);
  const identities = Array.from({ length: clients }, identity);
  const connected = await connectAll(identities, url);
  await first.kill();
  for (const client of connected) client.close();
  const env = { ...UNLIMITED, PORT: new URL(url).port };
  const startedAtMs = performance.now();
  const second = await startBuilt(script, env);
  const back = await Promise.all(identities.map((one) => comeBack(one, [url], startedAtMs)));
  for (const { client } of back) client.close();
  await second.stop();
  return summary(back.map(({ tookMs }) => tookMs));
}

/** Clients of one of two nodes, from its SIGKILL until each has had an offer answered through the other. */
export async function measureNodeKill(clients: number): Promise<RejoinTimes> {
  const redis = await startRedisServer();
  const env = { ...UNLIMITED, REDIS_URL: redis.url };
  const nodes = [await startBuilt(script, env), await startBuilt(script, env)] as const;
  const urls = [await urlOf(nodes[0]), await urlOf(nodes[1])] as const;
  const here = Array.from({ length: clients }, identity);
  const partners = await connectAll(here.map(mirrored), urls[1]);
  const connected = await connectAll(here, urls[0]);
  const killedAtMs = performance.now();
  await nodes[0].kill();
  for (const client of connected) client.close();
  const back = await Promise.all(
    here.map(async (one) => {
      const { client } = await comeBack(one, [urls[1], urls[0]], killedAtMs);
      await client.offer(randomBytes(20).toString('hex'));
      return { client, tookMs: performance.now() - killedAtMs };
    }),
  );
  for (const client of [...partners, ...back.map((one) => one.client)]) client.close();
  await nodes[1].stop();
  await redis.stop();
  return summary(back.map(({ tookMs }) => tookMs));
}

/** Tries one address after the other, with the extension's back-off. */
async function comeBack(one: Identity, urls: readonly string[], sinceMs: number): Promise<{ client: BenchClient; tookMs: number }> {
  for (let tries = 0; ; tries++) {
    await wait(backoffDelayMs(tries, Math.random, BACKOFF));
    const client = new BenchClient(urls[tries % urls.length] ?? '', dialect, one);
    try {
      await client.entered;
      return { client, tookMs: performance.now() - sinceMs };
    } catch {
      client.close();
    }
  }
}

async function connectAll(identities: readonly Identity[], url: string): Promise<BenchClient[]> {
  const connected: BenchClient[] = [];
  for (let at = 0; at < identities.length; at += CONNECTING_AT_ONCE) {
    const batch = identities.slice(at, at + CONNECTING_AT_ONCE).map((one) => new BenchClient(url, dialect, one));
    await Promise.all(batch.map((client) => client.entered));
    // Their server is killed: nobody waits for them any more.
    for (const client of batch) client.entered.catch(() => undefined);
    connected.push(...batch);
  }
  return connected;
}

function identity(): Identity {
  const [peerId = '', partnerId = '', swarmId = ''] = Array.from({ length: 3 }, () => randomBytes(20).toString('hex'));
  return { peerId, partnerId, swarmId };
}

function mirrored({ peerId, partnerId, swarmId }: Identity): Identity {
  return { peerId: partnerId, partnerId: peerId, swarmId };
}

async function urlOf(server: Child): Promise<string> {
  const [, url = ''] = await server.waitForLine(/listening on (http:\S+)/);
  return url;
}

function summary(times: readonly number[]): RejoinTimes {
  const sorted = times.toSorted((left, right) => left - right);
  return { clients: times.length, medianMs: sorted[sorted.length >> 1] ?? Number.NaN, lastMs: sorted.at(-1) ?? Number.NaN };
}
