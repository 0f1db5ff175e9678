// Plain JavaScript without dependencies: it runs on a machine that has only git, Node 20 or newer and npm.
// node scripts/bootstrap.mjs <file.ts> [arguments…]: installs what is missing, then runs that file with the project's own Node.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MIN_NODE_MAJOR = 20;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LOCKFILE = new URL('../package-lock.json', import.meta.url);
/** Holds the hash of the lockfile that node_modules was installed from; gone or different means "install again". */
const MARKER = new URL('../node_modules/.installed-lockfile-sha256', import.meta.url);

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
  const lockfileHash = createHash('sha256')
    .update(await readFile(LOCKFILE))
    .digest('hex');
  const installedHash = await readFile(MARKER, 'utf8').catch(() => undefined);
  if (installedHash !== lockfileHash) {
    console.log('Installing dependencies with npm (about 350 MB on disk, one to five minutes) …');
    const exitCode = await npm(['ci']);
    if (exitCode !== 0) {
      console.error(
        `"npm ci" failed (exit code ${exitCode}); its lines above say why. Check the network connection and the free disk space, then run the command again.`,
      );
      return exitCode;
    }
    await writeFile(MARKER, lockfileHash);
  }
  return run(ownNode(), ['--import', 'tsx', script, ...args]);
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
