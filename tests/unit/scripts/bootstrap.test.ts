import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const LOCKFILE = '{"lockfileVersion":3}';

/** A project whose only script is `source`; its dependencies count as installed from the lockfile of that hash. */
async function projectWith(source: string, installedHash: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lodestream-bootstrap-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'scripts'));
  await mkdir(join(folder, 'node_modules'));
  await copyFile(join(ROOT, 'scripts/bootstrap.mjs'), join(folder, 'scripts/bootstrap.mjs'));
  await writeFile(join(folder, 'package-lock.json'), LOCKFILE);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'node_modules/.installed-lockfile-sha256'), installedHash);
  await Promise.all(
    ['tsx', 'node'].map((name) => symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), 'junction')),
  );
  await writeFile(join(folder, 'task.ts'), source);
  return folder;
}

function bootstrap(folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ['scripts/bootstrap.mjs', 'task.ts', ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  return { child, lines, exited: once(child, 'close') };
}

const hash = createHash('sha256').update(LOCKFILE).digest('hex');

test('what is installed already is not installed again: the script runs with its arguments, and its exit code is ours', async () => {
  const folder = await projectWith('console.log(process.argv.slice(2).join()); process.exitCode = 7;', hash);
  const { lines, exited } = bootstrap(folder, ['--headless', 'two words']);
  expect(await once(lines, 'line')).toEqual(['--headless,two words']);
  expect(await exited).toEqual([7, null]);
});

test('SIGTERM reaches the script, and its own end is waited for', async () => {
  const script =
    "process.on('SIGTERM', () => { console.log('tidied up'); process.exit(3); }); setInterval(() => {}, 1000); console.log('ready');";
  const { child, lines, exited } = bootstrap(await projectWith(script, hash), []);
  expect(await once(lines, 'line')).toEqual(['ready']);
  child.kill('SIGTERM');
  expect(await once(lines, 'line')).toEqual(['tidied up']);
  expect(await exited).toEqual([3, null]);
});

test('after a change of the lockfile it installs, and a failed installation runs nothing', async () => {
  const folder = await projectWith("console.log('ran');", 'the hash of another lockfile');
  await writeFile(join(folder, 'npm-cli.js'), "console.log('npm', process.argv.slice(2).join(' ')); process.exitCode = 5;");
  const { lines, exited } = bootstrap(folder, [], { npm_execpath: join(folder, 'npm-cli.js') });
  const printed: string[] = [];
  lines.on('line', (line) => printed.push(line));
  expect(await exited).toEqual([5, null]);
  expect(printed).toEqual([expect.stringContaining('Installing dependencies'), 'npm ci']);
});
