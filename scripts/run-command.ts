import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the command (SIGTERM) when it aborts. */
  readonly signal?: AbortSignal;
  /** Shows the program's output only when it fails. */
  readonly quiet?: boolean;
}

/** Runs a program with its output going where ours goes. Resolves to its exit code, 1 if it could not start or was killed. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<number> {
  return new Promise((resolve) => {
    const output = options.quiet === true ? 'pipe' : 'inherit';
    const child = spawn(command, args, {
      stdio: ['ignore', output, output],
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const kept: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => kept.push(chunk));
    child.once('error', (error) => {
      if (error.name === 'AbortError') return;
      console.error(`${command} did not start: ${error.message}`);
      resolve(1);
    });
    child.once('close', (code) => {
      if (code !== 0 && options.signal?.aborted !== true) process.stderr.write(Buffer.concat(kept));
      resolve(code ?? 1);
    });
  });
}
