import { once } from 'node:events';
import { Server } from 'bittorrent-tracker';

export interface Tracker {
  readonly port: number;
  /** Tells of every announce by its event: `start`, `update`, `complete`, `stop`. */
  readonly server: Server;
  close(): Promise<void>;
}

/** A WebSocket tracker that nobody else knows of. @param port 0 takes any free one */
export async function startTracker(host: string, port = 0): Promise<Tracker> {
  const server = new Server({ http: false, udp: false, ws: true, stats: false });
  server.listen(port, host);
  await once(server, 'listening');
  return { port: server.ws.address().port, server, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
