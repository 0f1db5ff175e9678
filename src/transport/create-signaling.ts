import type { Clock } from '@/src/base/clock';
import type { RandomBytes } from '@/src/protocol/ids';
import { PeerServerSignaling } from './peer-server-signaling';
import { parseSignalingAddress } from './signaling-address';
import type { SignalingClient } from './signaling-client';
import { createSocketIoSignaling } from './socket-io-signaling';
import { UnusableSignaling } from './unusable-signaling';
import { WebSocketSignaling } from './web-socket-signaling';

export interface SignalingOptions {
  readonly url: string;
  /** Of a server that takes in only those who have one. */
  readonly token: string | undefined;
  /** Ends the connection for good. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: () => number;
  readonly randomBytes: RandomBytes;
}

/** The client for a server at such an address, idle until told to connect. */
export function createSignaling(options: SignalingOptions): SignalingClient {
  const address = parseSignalingAddress(options.url);
  switch (address?.protocol) {
    case undefined:
      return new UnusableSignaling(options.url);
    case 'socket.io':
      return createSocketIoSignaling(options);
    case 'web-socket':
      return new WebSocketSignaling({ ...options, address });
    case 'peer-server':
      return new PeerServerSignaling({ ...options, address });
  }
}
