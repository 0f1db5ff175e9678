import { PeerServer } from 'peer';
import type { Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** The broker of PeerJS at a free port, as its maintainers publish it. */
export async function startPeerServer(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = await new Promise<Server>((resolve) => {
    PeerServer({ host: '127.0.0.1', port: 0, path: '/broker' }, (listening) => resolve(listening));
  });
  return {
    url: `peerjs://127.0.0.1:${(server.address() as AddressInfo).port}/broker`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
