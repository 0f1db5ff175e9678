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

/** A real Redis on 127.0.0.1, in memory only. */
export async function startRedisServer(): Promise<RedisServer> {
  const program = await ensureNetworkTool('redisServer');
  const port = await freePort();
  const start = async (): Promise<Child> => {
    const child = startProgram(program, ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no']);
    await child.waitForLine(/Ready to accept connections/);
    return child;
  };
  let child = await start();
  return {
    url: `redis://127.0.0.1:${port}`,
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
