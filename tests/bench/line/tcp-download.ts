import { once } from 'node:events';
import { connect } from 'node:net';
import type { FarEnd } from './open-far-end';

/** Past its start: the whole line is its own by then. */
const UNDER_WAY_BYTES = 5_000_000;

export interface TcpDownload {
  readonly receivedBytes: number;
  close(): void;
}

/** One TCP connection, with the kernel's own congestion control, that downloads all it gets; resolves once it is under way. */
export async function downloadByTcp({ address, sourcePort }: FarEnd): Promise<TcpDownload> {
  const socket = connect(sourcePort, address);
  let receivedBytes = 0;
  socket.on('data', (chunk) => {
    receivedBytes += chunk.length;
  });
  socket.on('error', (error) => console.error(`The TCP download beside it broke: ${error.message}`));
  while (receivedBytes < UNDER_WAY_BYTES) await once(socket, 'data');
  return {
    get receivedBytes() {
      return receivedBytes;
    },
    close: () => socket.destroy(),
  };
}
