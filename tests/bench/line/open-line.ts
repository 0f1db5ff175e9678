import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findBrowser } from '@/scripts/browser';
import type { LaunchOptions } from '@/tests/support/launch-browser';
import type { Line } from '@/tests/bench/scenarios';
import { openFarEnd, type FarEnd } from './open-far-end';

const SOURCE = fileURLToPath(new URL('./rate-line.c', import.meta.url));
/** Below what most paths carry, as tunnels are. */
const MTU_BYTES = 1400;
/** What waits for the line's program to be scheduled must not be lost: the line alone drops. */
const DEVICE_PACKETS = '10000';

export interface OpenLine {
  /** This end's address, as the far end sees this machine. */
  readonly nearAddress: string;
  /** Starts a browser at the far end. */
  readonly launch: LaunchOptions;
  readonly farEnd: FarEnd;
  close(): Promise<void>;
}

/**
 * A network namespace at the end of a rate-limited line.
 * @param number 1 to 254; each line has its own devices, namespace and network (198.18.0.0/15 is kept for benchmarks: RFC 2544)
 */
export async function openLine({ rateMbit, oneWayDelayMs, queueBytes, lostShare }: Line, number: number): Promise<OpenLine> {
  const [namespace, near, far] = [`lodestream-bench-${number}`, `lsbench${number}near`, `lsbench${number}far`];
  const [nearAddress, farAddress] = [`198.18.${number}.1`, `198.18.${number}.2`];
  const folder = await mkdtemp(join(tmpdir(), 'lodestream-line-'));
  const program = join(folder, 'rate-line');
  await run('cc', ['-O2', '-o', program, SOURCE]);

  const figures = [rateMbit * 125_000, oneWayDelayMs * 1000, queueBytes, lostShare].map(String);
  const line = spawn(program, [near, far, ...figures], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(line, 'close');
  const ready = once(createInterface({ input: line.stdout }), 'line').then(() => true);
  if ((await Promise.race([ready, ended])) !== true) throw new Error('The rate-limited line did not open; the lines above say why.');

  // One left over from a run that was killed.
  await run('ip', ['netns', 'del', namespace]).catch(() => undefined);
  await run('ip', ['netns', 'add', namespace]);
  await run('ip', ['link', 'set', far, 'netns', namespace]);
  await run('ip', ['addr', 'add', `${nearAddress}/30`, 'dev', near]);
  await run('ip', ['link', 'set', near, 'mtu', String(MTU_BYTES), 'txqueuelen', DEVICE_PACKETS, 'up']);
  const inside = ['-n', namespace];
  await run('ip', [...inside, 'link', 'set', 'lo', 'up']);
  await run('ip', [...inside, 'addr', 'add', `${farAddress}/30`, 'dev', far]);
  await run('ip', [...inside, 'link', 'set', far, 'mtu', String(MTU_BYTES), 'txqueuelen', DEVICE_PACKETS, 'up']);
  await run('ip', [...inside, 'route', 'replace', 'default', 'dev', far]);

  const executablePath = join(folder, 'browser');
  const browser = await findBrowser();
  await writeFile(executablePath, `#!/bin/sh\nexec ip netns exec ${namespace} '${browser.executablePath}' "$@"\n`);
  await chmod(executablePath, 0o755);
  const farEnd = await openFarEnd(namespace, farAddress);
  return {
    nearAddress,
    launch: { executablePath },
    farEnd,
    async close() {
      await farEnd.close();
      line.stdin.end();
      await ended;
      await run('ip', ['netns', 'del', namespace]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function run(program: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)(program, args);
}
