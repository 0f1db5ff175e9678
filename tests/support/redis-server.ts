import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { ensureNetworkTool } from '@/scripts/network-tools';
import { startProgram, type Child } from './child-process';

export interface RedisServer {
  readonly url: string;
  /** Ends it as a crash does; what it held is lost. */
  kill(): Promise<void>;
  /** Starts it again at the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A real Redis on 127.0.0.1, in memory only. @param password that it asks for; the address has it */
export async function startRedisServer(password?: string): Promise<RedisServer> {
  const program = await ensureNetworkTool('redisServer');
  const port = await freePort();
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no'];
  if (password !== undefined) args.push('--requirepass', password);
  const start = async (): Promise<Child> => {
    const child = startProgram(program, args);
    await child.waitForLine(/Ready to accept connections/);
    return child;
  };
  let child = await start();
  return {
    url: `redis://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`,
    kill: () => child.kill(),
    restart: async () => {
      child = await start();
    },
    stop: () => child.stop(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
