import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
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
  const child = spawn(process.execPath, ['scripts/bootstrap.mjs', ...args], {
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
  const { lines, exited } = bootstrap(folder, ['task.ts', '--headless', 'two words']);
  expect(await once(lines, 'line')).toEqual(['--headless,two words']);
  expect(await exited).toEqual([7, null]);
});

test('SIGTERM reaches the script, and its own end is waited for', async () => {
  const script =
    "process.on('SIGTERM', () => { console.log('tidied up'); process.exit(3); }); setInterval(() => {}, 1000); console.log('ready');";
  const { child, lines, exited } = bootstrap(await projectWith(script, hash), ['task.ts']);
  expect(await once(lines, 'line')).toEqual(['ready']);
  child.kill('SIGTERM');
  expect(await once(lines, 'line')).toEqual(['tidied up']);
  expect(await exited).toEqual([3, null]);
});

test('after a change of the lockfile it installs, and a failed installation runs nothing', async () => {
  const folder = await projectWith("console.log('ran');", 'the hash of another lockfile');
  await writeFile(join(folder, 'npm-cli.js'), "console.log('npm', process.argv.slice(2).join(' ')); process.exitCode = 5;");
  const { lines, exited } = bootstrap(folder, ['task.ts'], { npm_execpath: join(folder, 'npm-cli.js') });
  const printed: string[] = [];
  lines.on('line', (line) => printed.push(line));
  expect(await exited).toEqual([5, null]);
  expect(printed).toEqual([expect.stringContaining('Installing dependencies'), 'npm ci --loglevel=error']);
});

test('what npm has installed by itself is not installed again', async () => {
  const folder = await projectWith("console.log('ran');", 'none');
  expect(await bootstrap(folder, ['--installed']).exited).toEqual([0, null]);
  const { lines, exited } = bootstrap(folder, ['task.ts']);
  expect(await once(lines, 'line')).toEqual(['ran']);
  expect(await exited).toEqual([0, null]);
});

test('of two commands in a fresh clone one installs, and the other waits for it', async () => {
  const folder = await projectWith("console.log('ran');", 'none');
  const npm = "process.once('SIGTERM', () => process.exit(0)); setInterval(() => undefined, 1000); console.log('npm');";
  await writeFile(join(folder, 'npm-cli.js'), npm);
  const env = { npm_execpath: join(folder, 'npm-cli.js') };
  const first = bootstrap(folder, ['task.ts'], env);
  await untilLine(first.lines, 'npm');
  const second = bootstrap(folder, ['task.ts'], env);
  await untilLine(second.lines, 'Another command is installing the dependencies; waiting for it …');
  const rest: string[] = [];
  second.lines.on('line', (line) => rest.push(line));
  first.child.kill('SIGTERM');
  expect(await first.exited).toEqual([0, null]);
  expect(await second.exited).toEqual([0, null]);
  expect(rest).toEqual(['ran']);
});

function untilLine(lines: Interface, wanted: string): Promise<void> {
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      if (line === wanted) resolve();
    });
  });
}
