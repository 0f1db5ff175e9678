import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/** The least that relays: no swarms, no checks, no limits. */
const members = new Map<string, WebSocket>();
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });

server.on('connection', (socket) => {
  let own = '';
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as { readonly join?: string; readonly to?: string };
    if (message.join !== undefined) {
      own = message.join;
      members.set(own, socket);
      socket.send('{"joined":true}');
    } else if (message.to !== undefined) members.get(message.to)?.send(JSON.stringify({ ...message, from: own }));
  });
  socket.once('close', () => members.delete(own));
});
server.once('listening', () => console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`));
