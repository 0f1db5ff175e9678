import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/*
 * A process at the far end of a line: a UDP port that sends back what it gets, and a TCP port that sends without end to whoever connects.
 * Says `echo PORT, source PORT` and ends when its standard input does.
 */

const CHUNK = Buffer.alloc(64 * 1024);

const echo = createSocket('udp4');
echo.on('message', (message, { port, address }) => echo.send(message, port, address));
echo.bind(0);
await once(echo, 'listening');

const source = createServer((socket) => {
  const fill = (): void => {
    while (socket.writable && socket.write(CHUNK));
  };
  socket.on('drain', fill);
  socket.on('error', () => socket.destroy());
  fill();
});
source.listen(0, '0.0.0.0');
await once(source, 'listening');

console.log(`echo ${echo.address().port}, source ${(source.address() as AddressInfo).port}`);
process.stdin.on('end', () => process.exit(0)).resume();
