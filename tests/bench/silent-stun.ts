import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';

export interface SilentStun {
  readonly url: string;
  /** Packets that came in so far; none is ever answered. */
  readonly packets: number;
  close(): void;
}

/**
 * A bound port that says nothing: the kernel answers an unbound one with an error, and the browser gives up on that at once. It has to
 * be at an address of this machine that its other addresses reach; loopback is not one.
 */
export async function openSilentStun(): Promise<SilentStun> {
  const address = ownAddress();
  const socket = createSocket('udp4');
  let packets = 0;
  socket.on('message', () => packets++);
  socket.bind(0, address);
  await once(socket, 'listening');
  return {
    url: `stun:${address}:${socket.address().port}`,
    get packets() {
      return packets;
    },
    close: () => socket.close(),
  };
}

function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}
