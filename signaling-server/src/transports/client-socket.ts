import type { WebSocket } from 'ws';
import { FrameSocket } from './frame-socket';
import type { TransportParts } from './transport-parts';

/** A client is not read for so long after each message that was one too many. */
export const REST_MS = 100;

/** What a transport makes of a WebSocket. */
export interface SocketClient {
  hear(data: Buffer, isBinary: boolean): void;
  closed(): void;
}

/**
 * A WebSocket with what the server keeps of it in the object itself. Most of thousands only wait: a closure for each of its listeners, and
 * an entry in a table of each who looks after it, would take more memory than the library does.
 */
export class ClientSocket extends FrameSocket {
  /** What its address is counted under: see client-address. */
  addressKey = '';
  /** Undefined until it may speak. */
  client: SocketClient | undefined;
  /** Since anything was heard of it. */
  silentSeconds = 0;
  #isResting = false;

  /** Is not read for so long: what its client sends waits in the network, and takes nothing of what others need. */
  rest(durationMs: number): void {
    if (this.#isResting) return;
    this.#isResting = true;
    this.pause();
    const timer = setTimeout(() => {
      this.#isResting = false;
      this.resume();
    }, durationMs);
    timer.unref();
  }

  /** The same until everybody else who has said something by now has been heard. */
  yield(): void {
    if (this.isPaused) return;
    this.pause();
    setImmediate(() => {
      if (!this.#isResting) this.resume();
    });
  }

  /** @param onClose shared by all sockets, too */
  listen(onClose: (this: ClientSocket) => void): void {
    this.on('message', hear as Listener);
    this.on('pong', hearPong as Listener);
    this.on('close', onClose as Listener);
  }
}

/** Cuts a client that does not read, before what waits for it fills the memory. @returns whether it may stay */
export function keepsUp(socket: ClientSocket, { config, log }: Pick<TransportParts, 'config' | 'log'>): boolean {
  if (socket.bufferedAmount <= config.maxBacklogBytes) return true;
  log.info('cut a client that does not read');
  socket.terminate();
  return false;
}

type Listener = (this: WebSocket) => void;

function hear(this: ClientSocket, data: Buffer, isBinary: boolean): void {
  this.silentSeconds = 0;
  this.client?.hear(data, isBinary);
}

function hearPong(this: ClientSocket): void {
  this.silentSeconds = 0;
}
