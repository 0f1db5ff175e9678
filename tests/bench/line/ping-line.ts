import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { FarEnd } from './open-far-end';

const EVERY_MS = 50;

export interface LinePing {
  /** Round trips in ms since the last call, in the order they came back; what got lost is not among them. */
  take(): readonly number[];
  /** Resolves after so many more round trips. */
  untilTaken(count: number): Promise<void>;
  close(): void;
}

/** Sends a small datagram across the line and back twenty times a second: 0.02 Mbit/s of it. */
export async function pingLine({ address, echoPort }: FarEnd): Promise<LinePing> {
  const socket = createSocket('udp4');
  socket.connect(echoPort, address);
  await once(socket, 'connect');
  let roundTripsMs: number[] = [];
  socket.on('message', (message) => roundTripsMs.push(performance.now() - message.readDoubleLE()));
  // The line drops what does not fit, and that is what shall be seen; the socket itself has nothing to complain of.
  socket.on('error', () => undefined);
  const timer = setInterval(() => {
    const sent = Buffer.alloc(8);
    sent.writeDoubleLE(performance.now());
    socket.send(sent);
  }, EVERY_MS);
  return {
    take() {
      const taken = roundTripsMs;
      roundTripsMs = [];
      return taken;
    },
    async untilTaken(count) {
      for (let seen = 0; seen < count; seen++) await once(socket, 'message');
    },
    close() {
      clearInterval(timer);
      socket.close();
    },
  };
}
