import type { ClientSocket } from './transports/client-socket';

export interface HeartbeatOptions {
  readonly pingIntervalSeconds: number;
  readonly pingTimeoutSeconds: number;
}

const LOOK_EVERY_MS = 1000;

/** Ends connections whose other end has vanished without a word: nothing but a ping that is not answered tells. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #sockets = new Set<ClientSocket>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** All that are watched. */
  get sockets(): ReadonlySet<ClientSocket> {
    return this.#sockets;
  }

  watch(socket: ClientSocket): void {
    this.#sockets.add(socket);
  }

  forget(socket: ClientSocket): void {
    this.#sockets.delete(socket);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Seconds are counted in looks: when the process was held up, so were the answers. */
  #look(): void {
    const { pingIntervalSeconds, pingTimeoutSeconds } = this.#options;
    for (const socket of this.#sockets) {
      socket.silentSeconds++;
      if (socket.silentSeconds >= pingIntervalSeconds + pingTimeoutSeconds) socket.terminate();
      else if (socket.silentSeconds === pingIntervalSeconds) socket.ping();
    }
  }
}
