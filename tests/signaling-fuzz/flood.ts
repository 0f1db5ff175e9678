import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
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

export const ATTACKS = {
  /** Requests that never end. */
  'slow-loris': (url: string) => {
    const { hostname, port } = new URL(url);
    const sockets = Array.from({ length: 300 }, () => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write('GET /ws HTTP/1.1\r\nHost: x\r\n');
      return socket;
    });
    const timer = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write('X-Slow: 1\r\n');
    }, 500);
    return () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    };
  },
  /** Messages in fragments of one byte. */
  'tiny-fragments': (url: string) => {
    const sockets = Array.from({ length: 5 }, () => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { perMessageDeflate: false });
      socket.on('error', () => undefined);
      return socket;
    });
    const timer = setInterval(() => {
      for (const socket of sockets) {
        if (socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > MAX_WAITING_BYTES) continue;
        for (let byte = 0; byte < 20; byte++) socket.send('x', { fin: false });
      }
    }, 5);
    return () => {
      clearInterval(timer);
      for (const socket of sockets) socket.terminate();
    };
  },
  /** Announces with ten offers each, as fast as the server takes them. */
  'offer-flood': (url: string) => {
    const swarmId = randomBytes(20).toString('hex');
    const sockets = Array.from({ length: 5 }, () => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { perMessageDeflate: false });
      socket.on('error', () => undefined);
      return { socket, peerId: randomBytes(20).toString('hex') };
    });
    const timer = setInterval(() => {
      for (const { socket, peerId } of sockets) {
        if (socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > MAX_WAITING_BYTES) continue;
        const offers = Array.from({ length: 10 }, () => ({ offerId: randomBytes(20).toString('hex'), sealed: 'x'.repeat(1800) }));
        const payload = { swarmId, peerId, resumeToken: 'c3'.repeat(32), want: 10, offers };
        socket.send(JSON.stringify({ type: 'announce', id: 1, payload }));
      }
    }, 2);
    return () => {
      clearInterval(timer);
      for (const { socket } of sockets) socket.terminate();
    };
  },
} as const satisfies Record<string, (url: string) => () => void>;
