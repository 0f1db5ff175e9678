import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const END_WITH_PARENT = new URL('./end-with-parent.mjs', import.meta.url).href;
/** Enough to see why a child ended; a chatty one must not fill the memory of a long run. */
const MAX_LINES_KEPT = 500;
/** A child that is still there this long after SIGTERM is ended the hard way. */
const STOP_TIMEOUT_MS = 10_000;

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Stops the child when it aborts. */
  readonly signal?: AbortSignal;
}

export interface Child {
  readonly pid: number;
  /** The last lines it wrote, standard output and errors together. */
  readonly lines: readonly string[];
  /** First line, past or future, that matches. Rejects with the child's last words if it ends without one. */
  waitForLine(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves to the exit code once it has ended by itself or by `stop`; null after a signal. */
  readonly exited: Promise<number | null>;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
  /** Ends it without a chance to take leave of anybody, as a power cut does. */
  kill(): Promise<void>;
}

/**
 * Runs a TypeScript file of this project in a Node process of its own. It never outlives this process; tests stop it in
 * `onTestFinished` or `afterAll`.
 * @param script path from the project's root, e.g. `scripts/seed.ts`
 */
export function startScript(script: string, args: readonly string[] = [], options: ChildOptions = {}): Child {
  // One process, not the tsx command's two: a signal then reaches the script itself.
  const child = spawn(process.execPath, ['--import', 'tsx', '--import', END_WITH_PARENT, script, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  return follow(child, script, options.signal);
}

/** Runs any other program, found on the `PATH`; else as `startScript`, but for a parent that is killed: then it lives on. */
export function startProgram(program: string, args: readonly string[], options: ChildOptions = {}): Child {
  const child = spawn(program, args, { env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] });
  return follow(child, program, options.signal);
}

function follow(child: ChildProcess, name: string, signal: AbortSignal | undefined): Child {
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  const onLine = (line: string): void => {
    lines.push(line);
    if (lines.length > MAX_LINES_KEPT) lines.shift();
    for (const listener of listeners) listener(line);
  };
  for (const output of [child.stdout, child.stderr]) {
    if (output !== null) createInterface({ input: output }).on('line', onLine);
  }

  const killHard = (): void => void child.kill('SIGKILL');
  process.once('exit', killHard);
  const exited = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      onLine(`could not start: ${error.message}`);
      resolve(null);
    });
    child.once('close', resolve);
  }).finally(() => process.off('exit', killHard));

  async function stop(): Promise<void> {
    child.kill('SIGTERM');
    const timer = setTimeout(killHard, STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  }
  async function kill(): Promise<void> {
    killHard();
    await exited;
  }
  signal?.addEventListener('abort', () => void stop(), { once: true });
  if (signal?.aborted === true) void stop();

  function waitForLine(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const check = (line: string): void => {
        const match = pattern.exec(line);
        if (match === null) return;
        listeners.delete(check);
        resolve(match);
      };
      listeners.add(check);
      for (const line of lines) check(line);
      const giveUp = async (): Promise<void> => {
        const code = await exited;
        listeners.delete(check);
        const lastLines = lines.slice(-20).join('\n');
        reject(new Error(`${name} ended (${String(code)}) before it printed ${String(pattern)}. Its last lines:\n${lastLines}`));
      };
      void giveUp();
    });
  }

  return { pid: child.pid ?? -1, lines, waitForLine, exited, stop, kill };
}
