import type { WebSocket } from 'ws';

export interface HeartbeatOptions {
  readonly pingIntervalSeconds: number;
  readonly pingTimeoutSeconds: number;
  readonly nowMs: () => number;
}

interface Pulse {
  heardAtMs: number;
  isAsked: boolean;
}

/** Often enough, and rare enough that ten thousand connections cost nothing. */
const LOOK_EVERY_MS = 1000;

/** Ends connections whose other end has vanished without a word: nothing but a ping that is not answered tells. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #pulses = new Map<WebSocket, Pulse>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  watch(socket: WebSocket): void {
    const pulse: Pulse = { heardAtMs: this.#options.nowMs(), isAsked: false };
    this.#pulses.set(socket, pulse);
    const hear = (): void => {
      pulse.heardAtMs = this.#options.nowMs();
      pulse.isAsked = false;
    };
    socket.on('pong', hear);
    socket.on('message', hear);
    socket.once('close', () => this.#pulses.delete(socket));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { pingIntervalSeconds, pingTimeoutSeconds, nowMs } = this.#options;
    const atMs = nowMs();
    for (const [socket, pulse] of this.#pulses) {
      const silentMs = atMs - pulse.heardAtMs;
      if (silentMs >= (pingIntervalSeconds + pingTimeoutSeconds) * 1000) socket.terminate();
      else if (!pulse.isAsked && silentMs >= pingIntervalSeconds * 1000) {
        pulse.isAsked = true;
        socket.ping();
      }
    }
  }
}
