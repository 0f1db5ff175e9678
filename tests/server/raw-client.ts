import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { Mailbox } from './mailbox';

/** A client that can send anything: Socket.IO frames written by hand. */
export class RawClient {
  readonly socket: WebSocket;
  readonly frames = new Mailbox<string>();
  readonly closed: Promise<unknown>;
  #requests = 0;

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, { headers });
    this.closed = new Promise((closed) => this.socket.once('close', closed));
    this.socket.on('message', (frame: Buffer) => this.frames.put(frame.toString()));
    // Every failure ends in `closed`.
    this.socket.on('error', () => undefined);
    onTestFinished(() => this.socket.terminate());
  }

  /** Until the server took it into the main namespace, or refused; returns that frame. */
  async enter(): Promise<string> {
    await once(this.socket, 'open');
    this.socket.send('40');
    return this.frames.take((frame) => frame.startsWith('4'));
  }

  /** Sends an event that asks for an acknowledgement, and returns what it carried. */
  async request(event: string, payload?: unknown): Promise<unknown> {
    const id = this.#requests++;
    this.socket.send(`42${id}${JSON.stringify(payload === undefined ? [event] : [event, payload])}`);
    const prefix = `43${id}[`;
    const frame = await this.frames.take((candidate) => candidate.startsWith(prefix));
    const [answer]: unknown[] = JSON.parse(frame.slice(prefix.length - 1));
    return answer;
  }
}

export async function enterRaw(url: string): Promise<RawClient> {
  const client = new RawClient(url);
  await client.enter();
  return client;
}
