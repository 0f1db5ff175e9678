import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import pino from 'pino';
import { Access } from './access';
import { Admission } from './admission';
import { Cluster } from './cluster/cluster';
import type { Scope } from './cluster/cluster-messages';
import { ClusteredRegistry } from './cluster/clustered-registry';
import type { ServerConfig } from './config';
import { ConnectionCounts } from './connection-counts';
import { Heartbeat } from './heartbeat';
import { httpAnswers } from './http-answers';
import { IdleMemory } from './idle-memory';
import { MemorySwarmRegistry } from './memory-swarm-registry';
import { Metrics } from './metrics';
import { RateLimits } from './rate-limits';
import { SeederCounts } from './seeder-counts';
import type { SwarmRegistry } from './swarm-registry';
import { attachSocketIo, SOCKET_IO_PATH } from './transports/socket-io';
import { createTrackerRoute } from './transports/tracker';
import { createWebSocketRoute } from './transports/web-socket';
import { TurnCredentials } from './turn-credentials';
import { routeUpgrades } from './upgrade-routes';

export interface SignalingServer {
  /** Where clients on this machine reach it. */
  readonly url: string;
  readonly port: number;
  counts(): { readonly connections: number; readonly swarms: number; readonly members: number };
  /** Lets nobody in any more and says so at `/ready`, for as long as load balancers may need to notice. */
  drain(): Promise<void>;
  /** Sends everybody away and frees the port. */
  close(): Promise<void>;
}

export interface Surroundings {
  readonly nowMs: () => number;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
}

/** Clients that do not answer the closing handshake are dropped after this. */
const CLOSE_GRACE_MS = 1000;
/** Whoever sends a request slower than this is cut: it holds a connection and says nothing. */
const REQUEST_TIMEOUT_MS = 10_000;
const LOOK_FOR_SLOW_MS = 1000;
/** RFC 6455: the server restarts, come again. */
const CLOSE_RESTART = 1012;

/** @throws when the address cannot be listened on (`code` EADDRINUSE, EACCES, …). */
export async function createSignalingServer(
  config: ServerConfig,
  { nowMs, random }: Surroundings = { nowMs: () => performance.now(), random: Math.random },
): Promise<SignalingServer> {
  // To stderr: stdout belongs to the one line that says where the server listens.
  const log = pino({ level: config.logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
  const access = new Access(config);
  const local = { native: new MemorySwarmRegistry(config, random), tracker: new MemorySwarmRegistry(config, random) };
  const seeders = new SeederCounts();
  const cluster = config.redisUrl === undefined ? undefined : new Cluster({ url: config.redisUrl, registries: local, seeders, log, nowMs });
  const registry = clustered(local.native, 'native', cluster);
  // Of its own: what its members say to each other has another form.
  const trackerRegistry = clustered(local.tracker, 'tracker', cluster);
  const connectionCounts = new ConnectionCounts(config.maxConnectionsPerAddress);
  const rateLimits = new RateLimits(config, () => performance.now());
  const counts = (): ReturnType<SignalingServer['counts']> => ({
    connections: connectionCounts.total,
    swarms: registry.swarmCount + trackerRegistry.swarmCount,
    members: registry.memberCount + trackerRegistry.memberCount,
  });
  const metrics = new Metrics(counts, cluster === undefined ? undefined : () => cluster.nodeCount);
  const admission = new Admission({ ...config, access, counts: connectionCounts, rateLimits, metrics });
  const heartbeat = new Heartbeat(config);
  const idleMemory = new IdleMemory();

  const httpServer = createServer(
    { headersTimeout: REQUEST_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: LOOK_FOR_SLOW_MS },
    httpAnswers({
      ...config,
      metrics,
      isPrivate: access.isPrivate,
      isReady: () => !admission.isClosing,
      isAlone: () => cluster?.isConnected === false,
      counts,
    }),
  );
  const parts = {
    config,
    access,
    admission,
    heartbeat,
    registry,
    rateLimits,
    metrics,
    turn: config.turnUrls.length > 0 ? new TurnCredentials(config, Date.now) : undefined,
    log,
    nowMs,
    announceIntervalSeconds: config.announceIntervalSeconds,
  };
  const socketIo = attachSocketIo(httpServer, parts);
  const webSocket = createWebSocketRoute(parts);
  const tracker = createTrackerRoute({ ...parts, registry: trackerRegistry, seeders });
  const routes = new Map([
    ['/ws', webSocket],
    ['/announce', tracker],
  ]);
  routeUpgrades(httpServer, parts, routes, [SOCKET_IO_PATH]);

  try {
    httpServer.listen(config.port, config.host);
    await once(httpServer, 'listening');
  } catch (error) {
    heartbeat.stop();
    idleMemory.stop();
    await cluster?.close();
    throw error;
  }
  const { port } = httpServer.address() as AddressInfo;
  log.info({ port }, 'started');

  return {
    url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    port,
    counts,
    async drain() {
      admission.close();
      // The open port keeps the process alive meanwhile.
      await wait(config.drainSeconds * 1000, undefined, { ref: false });
    },
    async close() {
      admission.close();
      heartbeat.stop();
      idleMemory.stop();
      const timer = setTimeout(() => {
        for (const socket of heartbeat.sockets) socket.terminate();
        socketIo.terminate();
        httpServer.closeAllConnections();
      }, CLOSE_GRACE_MS);
      for (const socket of heartbeat.sockets) socket.close(CLOSE_RESTART);
      await cluster?.close();
      await socketIo.close();
      clearTimeout(timer);
      log.info('stopped');
    },
  };
}

function clustered(local: SwarmRegistry, scope: Scope, cluster: Cluster | undefined): SwarmRegistry {
  if (cluster === undefined) return local;
  return new ClusteredRegistry(local, {
    joined: (member) => cluster.joined(scope, member),
    left: (member) => cluster.left(scope, member),
  });
}
