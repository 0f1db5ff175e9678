import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { findBrowser } from '@/scripts/browser';

/** What a figure is worth nothing without: the machine and the versions. */
export async function describeMachine(): Promise<string> {
  const { executablePath } = await findBrowser();
  const { stdout } = await promisify(execFile)(executablePath, ['--version']);
  const browser = stdout.trim();
  const versions = [browser, `webtorrent ${await versionOf('webtorrent')}`, `bittorrent-tracker ${await versionOf('bittorrent-tracker')}`];
  const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${machine}, Linux ${release()}; ${versions.join('; ')}; Node ${process.versions.node}`;
}

async function versionOf(packageName: string): Promise<string> {
  const file = new URL(`../../node_modules/${packageName}/package.json`, import.meta.url);
  return (JSON.parse(await readFile(file, 'utf8')) as { readonly version: string }).version;
}
