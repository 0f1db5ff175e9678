import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findBrowser } from '@/scripts/browser';

export interface NetworkNamespace {
  /** This machine, as seen from inside. */
  readonly nearAddress: string;
  /** The browser's program, inside. */
  readonly executablePath: string;
  /** The cable is pulled out, and the address is gone with it. */
  unplug(): Promise<void>;
  /** The cable is back. @param host the last part of the address inside, 2 to 254 */
  plug(host: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * A machine of its own, joined to this one by one cable. Needs root on Linux and iproute2.
 * @param number 1 to 254; each has its own devices and network (198.19.0.0/16 is kept for benchmarks: RFC 2544)
 */
export async function openNetworkNamespace(number: number): Promise<NetworkNamespace> {
  if (process.getuid?.() !== 0)
    throw new Error('Tests of lost paths unplug a machine of their own: run them as root on Linux, with iproute2.');
  const [namespace, near, far] = [`lodestream-test-${number}`, `lstest${number}near`, `lstest${number}far`];
  const addressOf = (host: number): string => `198.19.${number}.${host}`;
  const nearAddress = addressOf(1);
  // One left over from a run that was killed.
  await ip('netns', 'del', namespace).catch(() => undefined);
  await ip('link', 'del', near).catch(() => undefined);
  await ip('netns', 'add', namespace);
  await ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', namespace);
  await ip('addr', 'add', `${nearAddress}/24`, 'dev', near);
  await ip('link', 'set', near, 'up');
  await ip('-n', namespace, 'link', 'set', 'lo', 'up');
  const plug = async (host: number): Promise<void> => {
    await ip('-n', namespace, 'addr', 'add', `${addressOf(host)}/24`, 'dev', far);
    await ip('-n', namespace, 'link', 'set', far, 'up');
    await ip('-n', namespace, 'route', 'replace', 'default', 'via', nearAddress);
  };
  await plug(2);
  const folder = await mkdtemp(join(tmpdir(), 'lodestream-namespace-'));
  const executablePath = join(folder, 'browser');
  const browser = await findBrowser();
  await writeFile(executablePath, `#!/bin/sh\nexec ip netns exec ${namespace} '${browser.executablePath}' "$@"\n`);
  await chmod(executablePath, 0o755);
  return {
    nearAddress,
    executablePath,
    plug,
    async unplug() {
      await ip('-n', namespace, 'addr', 'flush', 'dev', far);
      await ip('-n', namespace, 'link', 'set', far, 'down');
    },
    async close() {
      await ip('netns', 'del', namespace);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ip(...args: readonly string[]): Promise<void> {
  await promisify(execFile)('ip', args);
}
