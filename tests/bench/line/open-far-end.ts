import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./far-end.ts', import.meta.url));

export interface FarEnd {
  readonly address: string;
  /** Sends datagrams back. */
  readonly echoPort: number;
  /** Sends without end to who connects by TCP. */
  readonly sourcePort: number;
  close(): Promise<void>;
}

/** Starts far-end.ts in a namespace. @param address of that end */
export async function openFarEnd(namespace: string, address: string): Promise<FarEnd> {
  const args = ['netns', 'exec', namespace, process.execPath, '--import', 'tsx', SCRIPT];
  const child = spawn('ip', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const said = once(createInterface({ input: child.stdout }), 'line').then(([line]) => /^echo (\d+), source (\d+)$/.exec(String(line)));
  const ports = await Promise.race([said, ended.then(() => null)]);
  if (ports === null) throw new Error('The far end of the line did not start; the lines above say why.');
  return {
    address,
    echoPort: Number(ports[1]),
    sourcePort: Number(ports[2]),
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
