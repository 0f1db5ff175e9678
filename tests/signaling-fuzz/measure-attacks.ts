import { setTimeout as wait } from 'node:timers/promises';
import { startBuilt } from '@/tests/signaling-bench/built-script';
import { connectPairs, exchange } from '@/tests/signaling-bench/measure-server';
import { keepAwake, startAside } from './wakefulness';
import { ATTACKS } from './attacks';

/** Within the limits that one address has by default. */
const HONEST = { pairsPerSecond: 150, seconds: 5 };
const HONEST_PAIRS = 40;
/** By default but for this, by which the attackers have other addresses than the clients. */
const ENVIRONMENT = { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'error', TRUSTED_PROXIES: '1' };
/** Until it has its full force. */
const ONSET_MS = 1000;

/** Prints what each attack does to the latency of others, and what it is without. @returns whether the server lives */
export async function measureAttacks(rounds: number): Promise<boolean> {
  const server = await startBuilt('signaling-server/src/main.ts', ENVIRONMENT);
  let hasEnded = false;
  void server.exited.then(() => (hasEnded = true));
  const [, url = ''] = await server.waitForLine(/listening on (http:\S+)/);
  const pairs = await connectPairs('ours-ws', [url], HONEST_PAIRS);
  await exchange(pairs, HONEST);
  const latenciesOf = new Map<string, number[]>();
  const measure = async (name: string): Promise<void> => {
    const latencies = await exchange(pairs, HONEST);
    latenciesOf.set(name, [...(latenciesOf.get(name) ?? []), ...latencies]);
    console.log(`${name}: ${percentiles(latencies)}`);
  };
  const letSleep = keepAwake();
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(ATTACKS)) {
      await measure('alone');
      const attacker = startAside(['--import', 'tsx', 'tests/signaling-fuzz/attacker.ts', name, url]);
      await attacker.waitForLine(/attacking/);
      await wait(ONSET_MS);
      await measure(name);
      await attacker.kill();
    }
  }
  await letSleep();
  console.log(`All ${rounds} rounds:`);
  for (const [name, latencies] of latenciesOf) console.log(`${name}: ${percentiles(latencies)}`);
  for (const pair of pairs) for (const client of pair) client.close();
  if (hasEnded) console.error(`The server ended: ${server.lines.slice(-5).join('\n')}`);
  const lives = !hasEnded;
  await server.stop();
  return lives;
}

function percentiles(latencies: readonly number[]): string {
  const sorted = latencies.toSorted((left, right) => left - right);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(2);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms of ${sorted.length} exchanges`;
}
