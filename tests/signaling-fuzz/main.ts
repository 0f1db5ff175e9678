import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectPairs, exchange, pssBytes, UNLIMITED } from '@/tests/signaling-bench/measure-server';
import { startScript } from '@/tests/support/child-process';
import { ATTACKS, sendMalformed } from './flood';
import { randomFrom } from './malformed-frames';

const USAGE = `Usage: npm run fuzz:signaling -- --frames N [--seed S]

Sends malformed frames over all transports to a signaling server in a process of its own, which has to live on and to keep nothing; then
attacks it in other ways while pairs of clients go on: their latency is what the attacks do to others. Exit code 1 when the server ended.`;

const HONEST = { pairsPerSecond: 200, seconds: 5 };
const SETTLING_MS = 3000;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { frames: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } } });
  const frames = values.frames ?? '100000';
  const seed = values.seed ?? String(Math.floor(Math.random() * 2 ** 31));
  if (values.help === true || !/^[1-9]\d{0,9}$/.test(frames) || !/^\d{1,10}$/.test(seed)) {
    console.log(USAGE);
    return values.help === true ? 0 : 1;
  }
  console.log(`Seed ${seed}`);
  const server = startScript('signaling-server/src/main.ts', [], { env: UNLIMITED });
  let hasEnded = false;
  void server.exited.then(() => (hasEnded = true));
  const [, url = ''] = await server.waitForLine(/listening on (http:\S+)/);
  console.log(`Memory at the start: ${inMB(await pssBytes(server))} MB`);
  await sendMalformed(url, Number(frames), randomFrom(Number(seed)), async (sent) => {
    console.log(`${sent} frames, ${inMB(await pssBytes(server))} MB`);
  });
  await wait(SETTLING_MS);
  if (hasEnded) {
    console.error(`The server ended: ${server.lines.slice(-5).join('\n')}`);
    return 1;
  }
  console.log(`${frames} malformed frames, the server lives; ${inMB(await pssBytes(server))} MB`);

  const pairs = await connectPairs('ours-ws', [url], 50);
  await exchange(pairs, HONEST);
  console.log(`alone: ${percentiles(await exchange(pairs, HONEST))}`);
  for (const [name, attack] of Object.entries(ATTACKS)) {
    const stop = attack(url);
    await wait(500);
    console.log(`${name}: ${percentiles(await exchange(pairs, HONEST))}`);
    stop();
    await wait(500);
    console.log(`alone: ${percentiles(await exchange(pairs, HONEST))}`);
  }
  for (const pair of pairs) for (const client of pair) client.close();
  await server.stop();
  return 0;
}

function inMB(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function percentiles(latencies: readonly number[]): string {
  const sorted = latencies.toSorted((left, right) => left - right);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms of ${sorted.length} exchanges`;
}
