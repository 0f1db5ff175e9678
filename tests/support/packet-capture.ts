import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureNetworkTool } from '@/scripts/network-tools';
import { startProgram } from './child-process';

const run = promisify(execFile);
/** `12:00:00.000000 lo    In  IP 127.0.0.1.3478 > 192.0.2.2.50000: UDP, length 100` */
const PACKET = / IP6? (\S+)\.(\d+) > (\S+)\.(\d+): /;
const MAX_OUTPUT_BYTES = 512 * 1024 ** 2;

export interface Packet {
  readonly from: Endpoint;
  readonly to: Endpoint;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface PacketCapture {
  /** Ends it. Every UDP packet of this machine since it began, of whatever process, on whatever interface. @throws when some were missed */
  stop(): Promise<readonly Packet[]>;
  /** For tests that failed before they stopped it. */
  close(): Promise<void>;
}

/** Records UDP with tcpdump, which only root may do (or whom the program's capabilities let). */
export async function capturePackets(): Promise<PacketCapture> {
  const program = await ensureNetworkTool('packetCapture');
  const folder = await mkdtemp(join(tmpdir(), 'lodestream-packets-'));
  const file = join(folder, 'packets.pcap');
  const child = startProgram(program, [
    '-i',
    'any',
    '-n',
    '-U',
    '--immediate-mode',
    '-B',
    '65536',
    '-s',
    '96',
    '-Z',
    'root',
    '-w',
    file,
    'udp',
  ]);
  const close = async (): Promise<void> => {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await child.waitForLine(/listening on/);
  } catch (error) {
    await close();
    throw new Error('Packets cannot be captured here: run the tests as root, or give tcpdump the capability cap_net_raw.', {
      cause: error,
    });
  }
  return {
    async stop() {
      await child.stop();
      try {
        const [, dropped] = await child.waitForLine(/^(\d+) packets? dropped by kernel/);
        if (dropped !== '0') throw new Error(`tcpdump missed ${dropped} packets.`);
        const { stdout } = await run(program, ['-n', '-q', '-r', file], { maxBuffer: MAX_OUTPUT_BYTES });
        return stdout.split('\n').flatMap(readPacket);
      } finally {
        await close();
      }
    },
    close,
  };
}

function readPacket(line: string): Packet[] {
  const [, from, fromPort, to, toPort] = PACKET.exec(line) ?? [];
  if (from === undefined || to === undefined) return [];
  return [{ from: { address: from, port: Number(fromPort) }, to: { address: to, port: Number(toPort) } }];
}

/** The UDP ports that a process and all its descendants have now. */
export async function udpPorts(pid: number): Promise<readonly number[]> {
  const family = await descendants(pid);
  const { stdout } = await run('ss', ['-H', '-u', '-a', '-n', '-p']);
  return stdout.split('\n').flatMap((line) => {
    const port = Number(/:(\d+)$/.exec(line.trim().split(/\s+/)[3] ?? '')?.[1]);
    const isOurs = [...line.matchAll(/pid=(\d+)/g)].some(([, owner]) => family.has(Number(owner)));
    return isOurs && port > 0 ? [port] : [];
  });
}

async function descendants(pid: number): Promise<ReadonlySet<number>> {
  const { stdout } = await run('ps', ['-e', '-o', 'pid=,ppid=']);
  const parents = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([pid]);
  for (let size = 0; size < family.size;) {
    size = family.size;
    for (const [child = 0, parent = 0] of parents) if (family.has(parent)) family.add(child);
  }
  return family;
}
