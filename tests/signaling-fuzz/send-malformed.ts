import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { malformedFrame, TARGETS, type Target } from './malformed-frames';

/** More of it waits in no socket: who floods waits for the server, too. */
const MAX_WAITING_BYTES = 256 * 1024;
const SOCKETS_EACH = 4;

/** Sends so many malformed frames over all transports, connecting anew whenever it is cut. */
export async function sendMalformed(
  url: string,
  frames: number,
  random: () => number,
  onProgress: (sent: number) => Promise<void>,
): Promise<void> {
  const senders = TARGETS.flatMap((target) => Array.from({ length: SOCKETS_EACH }, () => new Sender(url, target, random)));
  for (let sent = 0; sent < frames;) {
    let hasSent = false;
    for (const sender of senders) {
      if (sent >= frames || !sender.send()) continue;
      hasSent = true;
      sent++;
      if (sent % 100_000 === 0) await onProgress(sent);
    }
    // The sockets' own turn comes only when this one is over.
    await (hasSent ? new Promise(setImmediate) : wait(2));
  }
  for (const sender of senders) sender.close();
}

class Sender {
  readonly #url: string;
  readonly #target: Target;
  readonly #random: () => number;
  #socket: WebSocket;

  constructor(url: string, target: Target, random: () => number) {
    this.#url = `${url.replace('http', 'ws')}${target}`;
    this.#target = target;
    this.#random = random;
    this.#socket = this.#open();
  }

  send(): boolean {
    const socket = this.#socket;
    if (socket.readyState === WebSocket.CLOSED) this.#socket = this.#open();
    if (socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > MAX_WAITING_BYTES) return false;
    socket.send(malformedFrame(this.#target, this.#random));
    return true;
  }

  close(): void {
    this.#socket.terminate();
  }

  #open(): WebSocket {
    const socket = new WebSocket(this.#url, { perMessageDeflate: false });
    socket.on('error', () => undefined);
    socket.on('message', () => undefined);
    return socket;
  }
}
