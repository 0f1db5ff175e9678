import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { startProgram } from '@/tests/support/child-process';
import { join as joinSwarm } from './test-peer';

/** The server without this repository: what a host installs. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

test('its package, installed in an empty folder, starts, serves, and signs tokens', { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lodestream-package-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await run('npm', ['run', 'build', '--workspace', 'signaling-server'], { cwd: ROOT });
  await run('npm', ['pack', '--workspace', 'signaling-server', '--pack-destination', folder], { cwd: ROOT });
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '';
  await run('npm', ['install', '--prefix', folder, '--omit=dev', '--no-audit', '--no-fund', join(folder, tarball)], { cwd: folder });

  const program = join(folder, 'node_modules/.bin/lodestream-signaling');
  const server = startProgram(process.execPath, [program], { env: { HOST: '127.0.0.1', PORT: '0' } });
  onTestFinished(() => server.stop());
  const [, url = ''] = await server.waitForLine(/listening on (http:\S+)/);
  expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok' });
  await joinSwarm(url);
  await joinSwarm(`${url.replace('http', 'ws')}/ws`);

  const secret = 'a secret of at least 32 characters';
  const { stdout } = await run(process.execPath, [program, 'token', '--name', 'a school'], {
    env: { ...process.env, TOKEN_SECRET: secret },
  });
  expect(stdout).toMatch(/^eyJ[\w.-]+\n$/);
});
