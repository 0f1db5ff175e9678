import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureNetworkTool } from '@/scripts/network-tools';
import { startProgram } from './child-process';

export interface TurnServer {
  /** `turn:127.0.0.1:port`, over UDP. */
  readonly url: string;
  readonly stunUrl: string;
  readonly port: number;
  readonly secret: string;
  /** Ports that it lends, both ends included. */
  readonly relayPorts: { readonly first: number; readonly last: number };
  /** The last lines of its log. */
  readonly log: readonly string[];
  /** Credentials as a signaling server would issue them (the REST form). @param lifeSeconds negative: they have expired */
  credentials(lifeSeconds?: number): { readonly username: string; readonly credential: string };
  stop(): Promise<void>;
}

const RELAY_PORTS = 100;

/** A real coturn that listens on 127.0.0.1 and relays between addresses of this machine. */
export async function startTurnServer(): Promise<TurnServer> {
  const program = await ensureNetworkTool('turnServer');
  const folder = await mkdtemp(join(tmpdir(), 'lodestream-turn-'));
  const secret = 'a secret of tests';
  const port = await freePort();
  const first = 10_000 + Math.floor(Math.random() * 200) * RELAY_PORTS;
  const last = first + RELAY_PORTS - 1;
  const lines = [
    'listening-ip=127.0.0.1',
    `relay-ip=${ownAddress()}`,
    `listening-port=${port}`,
    `min-port=${first}`,
    `max-port=${last}`,
    'realm=lodestream.test',
    'use-auth-secret',
    `static-auth-secret=${secret}`,
    'fingerprint',
    'no-tls',
    'no-dtls',
    'no-cli',
    'no-multicast-peers',
    'allow-loopback-peers',
    'log-file=stdout',
    'simple-log',
    'verbose',
    `pidfile=${join(folder, 'pid')}`,
    `userdb=${join(folder, 'users')}`,
  ];
  const config = join(folder, 'turn.conf');
  await writeFile(config, `${lines.join('\n')}\n`, { mode: 0o600 });
  const child = startProgram(program, ['-c', config]);
  const stop = async (): Promise<void> => {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await child.waitForLine(/UDP listener opened/);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `turn:127.0.0.1:${port}`,
    stunUrl: `stun:127.0.0.1:${port}`,
    port,
    secret,
    relayPorts: { first, last },
    log: child.lines,
    credentials(lifeSeconds = 600) {
      const username = `${Math.floor(Date.now() / 1000) + lifeSeconds}:viewer`;
      return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
    },
    stop,
  };
}

/**
 * What it lends ports of. Peers in Node name no loopback address, so that one of 127.0.0.1 could not reach them: their answers would come
 * from another address than the one that the relay was told of.
 */
function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((all = []) => all);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

/** One that is free for both UDP and TCP. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = createSocket('udp4');
  try {
    socket.bind(port, '127.0.0.1');
    await once(socket, 'listening');
    return port;
  } catch {
    return await freePort();
  } finally {
    socket.close();
    server.close();
  }
}
