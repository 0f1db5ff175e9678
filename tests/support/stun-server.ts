import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const MAGIC_COOKIE = 0x2112_a442;

/** Tells whoever asks its own address (RFC 8489 binding), and nothing else. */
export async function startStunServer(): Promise<{ readonly url: string; close(): void }> {
  const socket = createSocket('udp4');
  socket.on('message', (request, { address, port }) => {
    const answer = Buffer.alloc(32);
    answer.writeUInt16BE(0x0101, 0);
    answer.writeUInt16BE(12, 2);
    request.copy(answer, 4, 4, 20);
    // XOR-MAPPED-ADDRESS, IPv4.
    answer.writeUInt16BE(0x0020, 20);
    answer.writeUInt16BE(8, 22);
    answer.writeUInt16BE(0x0001, 24);
    answer.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), 26);
    answer.writeUInt32BE((Buffer.from(address.split('.').map(Number)).readUInt32BE() ^ MAGIC_COOKIE) >>> 0, 28);
    socket.send(answer, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { url: `stun:127.0.0.1:${socket.address().port}`, close: () => socket.close() };
}
