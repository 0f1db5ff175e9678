import { setTimeout as wait } from 'node:timers/promises';
import { startBuilt } from '@/tests/signaling-bench/built-script';
import { connectPairs, exchange } from '@/tests/signaling-bench/measure-server';
import { startScript } from '@/tests/support/child-process';
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
  const p99s = new Map<string, number[]>();
  const measure = async (name: string): Promise<void> => {
    const latencies = (await exchange(pairs, HONEST)).toSorted((left, right) => left - right);
    const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
    p99s.set(name, [...(p99s.get(name) ?? []), at(0.99)]);
    console.log(`${name}: p50 ${at(0.5).toFixed(2)} ms, p99 ${at(0.99).toFixed(2)} ms of ${latencies.length} exchanges`);
  };
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(ATTACKS)) {
      await measure('alone');
      const attacker = startScript('tests/signaling-fuzz/attacker.ts', [name, url]);
      await attacker.waitForLine(/attacking/);
      await wait(ONSET_MS);
      await measure(name);
      await attacker.kill();
    }
  }
  for (const [name, ofRounds] of p99s) {
    const sorted = ofRounds.toSorted((left, right) => left - right).map((ms) => ms.toFixed(2));
    console.log(`${name}: median of the p99s ${sorted[sorted.length >> 1]} ms (${sorted[0]} to ${sorted.at(-1)})`);
  }
  for (const pair of pairs) for (const client of pair) client.close();
  if (hasEnded) console.error(`The server ended: ${server.lines.slice(-5).join('\n')}`);
  const lives = !hasEnded;
  await server.stop();
  return lives;
}
