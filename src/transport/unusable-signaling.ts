import { SignalingCallError, type SignalingClient, type SignalingHandlers, type SignalingStatus } from './signaling-client';
import { SignalingListeners } from './signaling-listeners';
import type { SwarmId } from '@/src/protocol/ids';
import { notice, type Notice } from '@/src/protocol/notice';

/** Stands for an address no server can be reached under, so that one bad setting is a notice and not a crash. */
export class UnusableSignaling implements SignalingClient {
  readonly url: string;
  readonly #listeners = new SignalingListeners();
  readonly #reason: Notice;
  #status: SignalingStatus = { kind: 'idle' };

  constructor(url: string) {
    this.url = url;
    this.#reason = notice('signalingAddress', { address: url.slice(0, 200) });
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
