import { WebSocket } from 'ws';
import type { Dialect, Identity } from './dialects';

/** One client of any server: enters, offers and answers. The same work for all of them, so that the servers are what differs. */
export class BenchClient {
  readonly #dialect: Dialect;
  readonly #identity: Identity;
  readonly #socket: WebSocket;
  readonly #entered = Promise.withResolvers<void>();
  #steps = 0;
  #offerId = '';
  #answered: PromiseWithResolvers<void> | undefined;

  constructor(url: string, dialect: Dialect, identity: Identity) {
    this.#dialect = dialect;
    this.#identity = identity;
    this.#socket = new WebSocket(`${url.replace('http', 'ws')}${dialect.path(identity)}`, { perMessageDeflate: false });
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('the server hung up')));
    this.#socket.on('message', (data: Buffer) => this.#hear(data.toString()));
    if (!dialect.isGreeted) this.#socket.on('open', () => this.#step());
  }

  get entered(): Promise<void> {
    return this.#entered.promise;
  }

  /** Resolves once its answer is back. */
  async offer(offerId: string): Promise<void> {
    this.#offerId = offerId;
    this.#answered = Promise.withResolvers();
    this.#socket.send(this.#dialect.offer(this.#identity, offerId));
    await this.#answered.promise;
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.terminate();
  }

  #step(): void {
    const next = this.#dialect.entrance[this.#steps++];
    if (next === undefined) this.#entered.resolve();
    else this.#socket.send(next(this.#identity));
  }

  #hear(text: string): void {
    const reply = this.#dialect.reply?.(text);
    if (reply !== undefined) this.#socket.send(reply);
    const heard = this.#dialect.hear(text);
    if (heard?.kind === 'ready') this.#step();
    else if (heard?.kind === 'offer') this.#socket.send(this.#dialect.answer(this.#identity, heard.offerId));
    else if (heard?.kind === 'answer' && heard.offerId === this.#offerId) this.#answered?.resolve();
  }

  #fail(error: Error): void {
    this.#entered.reject(error);
    this.#answered?.reject(error);
  }
}
