import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startBuilt } from '@/tests/signaling-bench/built-script';
import { UNLIMITED } from '@/tests/signaling-bench/measure-server';
import { measureAttacks } from './measure-attacks';
import { randomFrom } from './malformed-frames';
import { sendMalformed } from './send-malformed';
import { memoryOf, memoryText } from './server-memory';

const USAGE = `Usage: npm run fuzz:signaling -- [--frames N] [--seed S] [--rounds N]

Sends malformed frames over all transports to a signaling server in a process of its own, which has to live on and to keep nothing; then,
in turns, attacks another one with the limits it has by default while pairs of clients go on, and leaves it alone: their latency is what the
attacks do to others. Exit code 1 when a server ended.
  --frames N   malformed frames (default 100000)
  --seed S     of what is in them (default: another each time)
  --rounds N   of attacks (default 3)`;

/** Until the server has noticed that it is left alone. */
const QUIET_MS = 70_000;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { frames: { type: 'string' }, seed: { type: 'string' }, rounds: { type: 'string' }, help: { type: 'boolean' } },
  });
  const { frames = '100000', seed = String(Math.floor(Math.random() * 2 ** 31)), rounds = '3' } = values;
  if (values.help === true || !/^[1-9]\d{0,9}$/.test(frames) || !/^\d{1,10}$/.test(seed) || !/^\d{1,2}$/.test(rounds)) {
    console.log(USAGE);
    return values.help === true ? 0 : 1;
  }
  console.log(`Seed ${seed}`);
  return (await fuzz(Number(frames), Number(seed))) && (await measureAttacks(Number(rounds))) ? 0 : 1;
}

/** @returns whether the server lives */
async function fuzz(frames: number, seed: number): Promise<boolean> {
  const server = await startBuilt('signaling-server/src/main.ts', UNLIMITED);
  let hasEnded = false;
  void server.exited.then(() => (hasEnded = true));
  const [, url = ''] = await server.waitForLine(/listening on (http:\S+)/);
  const tell = async (when: string): Promise<void> => console.log(`${when}: ${memoryText(await memoryOf(server, url))}`);
  await tell('at the start');
  await sendMalformed(url, frames, randomFrom(seed), (sent) => tell(`${sent} frames`));
  if (!hasEnded) {
    await tell(`${frames} malformed frames, the server lives`);
    await wait(QUIET_MS);
    await tell(`after ${QUIET_MS / 1000} s`);
  }
  if (hasEnded) console.error(`The server ended: ${server.lines.slice(-5).join('\n')}`);
  const lives = !hasEnded;
  await server.stop();
  return lives;
}
