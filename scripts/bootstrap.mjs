// Plain JavaScript without dependencies: it runs on a machine that has only git, Node 20 or newer and npm.
// node scripts/bootstrap.mjs <file.ts> [arguments…]: installs what is missing, then runs that file with the project's own Node.
// node scripts/bootstrap.mjs --installed: npm itself has just installed everything ("prepare" in package.json).
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MIN_NODE_MAJOR = 20;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LOCKFILE = new URL('../package-lock.json', import.meta.url);
/** Holds the hash of the lockfile that node_modules was installed from; gone or different means "install again". */
const MARKER = new URL('../node_modules/.installed-lockfile-sha256', import.meta.url);
/** Holds the process id of the command that installs. Not in node_modules, which npm empties first. */
const LOCK = new URL('../.cache/installing', import.meta.url);

process.exitCode = await main(process.argv.slice(2));

/** @param {string[]} args */
async function main([script, ...args]) {
  if (Number(process.versions.node.split('.')[0]) < MIN_NODE_MAJOR) {
    console.error(
      `Node ${process.versions.node} is too old: install Node ${MIN_NODE_MAJOR} or newer (https://nodejs.org/), then try again.`,
    );
    return 1;
  }
  if (script === undefined) {
    console.error('Usage: node scripts/bootstrap.mjs <file.ts> [arguments…]');
    return 1;
  }
  if (script === '--installed') {
    await writeFile(MARKER, await lockfileHash());
    return 0;
  }
  const exitCode = (await isInstalled()) ? 0 : await whileAlone(install);
  if (exitCode !== 0) return exitCode;
  return run(ownNode(), ['--import', 'tsx', script, ...args]);
}

async function lockfileHash() {
  return createHash('sha256')
    .update(await readFile(LOCKFILE))
    .digest('hex');
}

async function isInstalled() {
  return (await readFile(MARKER, 'utf8').catch(() => undefined)) === (await lockfileHash());
}

async function install() {
  if (await isInstalled()) return 0;
  console.log('Installing dependencies with npm (about 350 MB on disk, one to five minutes) …');
  // Its warnings are about the Node that installs, not the one that runs, and look like a failure to who sees them first.
  const exitCode = await npm(['ci', '--loglevel=error']);
  if (exitCode === 0) await writeFile(MARKER, await lockfileHash());
  else {
    console.error(
      `"npm ci" failed (exit code ${exitCode}); its lines above say why. Check the network connection and the free disk space, then run the command again.`,
    );
  }
  return exitCode;
}

/**
 * Two commands in a fresh clone, a server here and a seeder there, would empty node_modules under each other: the second one waits.
 * @param {() => Promise<number>} work
 */
async function whileAlone(work) {
  await mkdir(new URL('.', LOCK), { recursive: true });
  for (let tries = 0; !(await takeLock()); tries++) {
    if (tries === 0) console.log('Another command is installing the dependencies; waiting for it …');
    await delay(500);
  }
  try {
    return await work();
  } finally {
    await rm(LOCK, { force: true });
  }
}

async function takeLock() {
  try {
    await writeFile(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (!existsSync(LOCK)) throw error;
  }
  const owner = Number(await readFile(LOCK, 'utf8').catch(() => ''));
  try {
    // Sends nothing; an empty file (0) is our own process group: its owner is about to write.
    process.kill(owner, 0);
  } catch {
    await rm(LOCK, { force: true });
  }
  return false;
}

/** The Node version that package.json names: whatever the machine has only needs to get this far. */
function ownNode() {
  const folder = join(ROOT, 'node_modules', 'node', 'bin');
  return [join(folder, 'node'), join(folder, 'node.exe')].find((path) => existsSync(path)) ?? process.execPath;
}

/** @param {string[]} args */
function npm(args) {
  const npmScript = process.env['npm_execpath'];
  if (npmScript !== undefined && basename(npmScript) === 'npm-cli.js') return run(process.execPath, [npmScript, ...args]);
  // On Windows npm is a batch file, which only a shell can start.
  return run('npm', args, process.platform === 'win32');
}

/**
 * Runs a program in the project's root and passes on what should end it.
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<number>} exit code; 128 + signal number if a signal ended it, as shells do
 */
function run(program, args, shell = false) {
  const path = `${join(ROOT, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit', shell, env: { ...process.env, PATH: path } });
  const onInterrupt = () => {
    // A terminal has sent Ctrl+C to the child as well.
    if (process.stdin.isTTY !== true) child.kill('SIGINT');
  };
  const onTerminate = () => child.kill('SIGTERM');
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  // Who ends "npm start" ends npm and its shell, and neither passes that on to us.
  const parent = process.ppid;
  const orphanCheck = setInterval(() => {
    if (process.ppid !== parent) onTerminate();
  }, 1000);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`${program} did not start: ${error.message}`);
      resolve(1);
    });
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 1 : constants.signals[signal])));
  }).finally(() => {
    clearInterval(orphanCheck);
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onTerminate);
  });
}
