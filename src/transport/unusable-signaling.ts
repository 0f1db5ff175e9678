import { SignalingCallError, type SignalingClient, type SignalingHandlers, type SignalingStatus } from './signaling-client';
import { SignalingListeners } from './signaling-listeners';
import type { SwarmId } from '@/src/protocol/ids';

/** Stands for an address no server can be reached under, so that one bad setting is a message and not a crash. */
export class UnusableSignaling implements SignalingClient {
  readonly url: string;
  readonly #listeners = new SignalingListeners();
  readonly #reason: string;
  #status: SignalingStatus = { kind: 'idle' };

  constructor(url: string) {
    this.url = url;
    this.#reason = `“${url.slice(0, 200)}” is not the address of a signaling server. Write it like https://signal.example.org.`;
  }

  get status(): SignalingStatus {
    return this.#status;
  }

  connect(): void {
    if (this.#status.kind === 'unreachable') return;
    this.#status = { kind: 'unreachable', reason: this.#reason };
    this.#listeners.tellStatus(this.#status);
  }

  announce(): Promise<never> {
    return Promise.reject(new SignalingCallError('unreachable', this.#reason));
  }

  relay(): Promise<never> {
    return this.announce();
  }

  leave(): void {}

  listen(swarmId: SwarmId, handlers: SignalingHandlers, signal: AbortSignal): void {
    this.#listeners.add(swarmId, handlers, signal);
  }
}
