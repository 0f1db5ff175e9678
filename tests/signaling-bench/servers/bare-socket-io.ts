import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

/** The least that relays by Socket.IO: a room for each client. */
const httpServer = createServer();
const io = new Server(httpServer, { transports: ['websocket'], allowUpgrades: false, serveClient: false, perMessageDeflate: false });

io.on('connection', (socket) => {
  let own = '';
  socket.on('join', (name: string, done: (answer: object) => void) => {
    own = name;
    void socket.join(name);
    done({ joined: true });
  });
  for (const kind of ['offer', 'answer']) {
    socket.on(kind, (message: { readonly to: string }, done: (answer: object) => void) => {
      io.to(message.to).emit(kind, { ...message, from: own });
      done({ ok: true });
    });
  }
});
httpServer.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`));
