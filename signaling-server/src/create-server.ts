import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import pino from 'pino';
import type { ServerConfig } from './config';
import { ConnectionCounts } from './connection-counts';
import { answerHttp } from './http-answers';
import { MemorySwarmRegistry } from './memory-swarm-registry';
import { RateLimits } from './rate-limits';
import { attachSocketIo } from './transports/socket-io';

export interface SignalingServer {
  /** Where clients on this machine reach it. */
  readonly url: string;
  readonly port: number;
  counts(): { readonly connections: number; readonly swarms: number; readonly members: number };
  /** Disconnects everybody and frees the port. */
  close(): Promise<void>;
}

export interface Surroundings {
  readonly nowMs: () => number;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
}

/** Clients that do not answer the closing handshake are dropped after this. */
const CLOSE_GRACE_MS = 1000;

/** @throws when the address cannot be listened on (`code` EADDRINUSE, EACCES, …). */
export async function createSignalingServer(
  config: ServerConfig,
  { nowMs, random }: Surroundings = { nowMs: () => performance.now(), random: Math.random },
): Promise<SignalingServer> {
  // To stderr: stdout belongs to the one line that says where the server listens.
  const log = pino({ level: config.logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
  const registry = new MemorySwarmRegistry(config, random);
  const counts = new ConnectionCounts(config.maxConnectionsPerAddress);
  const rateLimits = new RateLimits(config);

  const httpServer = createServer(answerHttp);
  const sockets = new Set<Socket>();
  httpServer.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const transport = attachSocketIo(httpServer, {
    config,
    registry,
    rateLimits,
    counts,
    log,
    nowMs,
    announceIntervalSeconds: config.announceIntervalSeconds,
  });

  await new Promise<void>((listening, failed) => {
    httpServer.once('error', failed);
    httpServer.listen(config.port, config.host, listening);
  });
  const { port } = httpServer.address() as AddressInfo;
  log.info({ port }, 'started');

  return {
    url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    port,
    counts: () => ({ connections: counts.total, swarms: registry.swarmCount, members: registry.memberCount }),
    async close() {
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, CLOSE_GRACE_MS);
      await transport.close();
      clearTimeout(timer);
      log.info('stopped');
    },
  };
}
