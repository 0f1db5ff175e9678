import type { AddressInfo } from 'node:net';
import { PeerServer } from 'peer';

PeerServer({ host: '127.0.0.1', port: 0, path: '/', concurrent_limit: 100_000 }, (server) => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
