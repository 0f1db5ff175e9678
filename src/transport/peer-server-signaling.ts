import type { Clock } from '@/src/base/clock';
import type { RandomBytes, SwarmId } from '@/src/protocol/ids';
import type { AnnounceAnswer, AnnounceRequest, Directed, RelayKind } from '@/src/protocol/signaling-events';
import { PeerServerSwarm } from './peer-server-swarm';
import type { SignalingAddress } from './signaling-address';
import { SignalingCallError, type SignalingClient, type SignalingHandlers, type SignalingStatus } from './signaling-client';
import { SignalingListeners } from './signaling-listeners';
import { notice } from '@/src/protocol/notice';

export interface PeerServerSignalingOptions {
  readonly url: string;
  readonly address: SignalingAddress;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: () => number;
  readonly randomBytes: RandomBytes;
}

/**
 * A PeerServer as a signaling server, for development: anybody can take all places of a film, and it knows eight viewers of one at most. It
 * knows clients by their id, so each swarm has a connection of its own; without one there is nothing to connect to, and it stays idle.
 */
export class PeerServerSignaling implements SignalingClient {
  readonly url: string;
  readonly #options: PeerServerSignalingOptions;
  readonly #listeners = new SignalingListeners();
  readonly #swarms = new Map<string, { readonly swarm: PeerServerSwarm; readonly abort: AbortController }>();
  readonly #listened = new Map<SwarmId, number>();

  constructor(options: PeerServerSignalingOptions) {
    this.url = options.url;
    this.#options = options;
    options.signal.addEventListener('abort', () => [...this.#listened.keys()].forEach((swarmId) => this.leave(swarmId)), { once: true });
  }

  /** Of the swarm that is best off. */
  get status(): SignalingStatus {
    const statuses = Array.from(this.#swarms.values(), ({ swarm }) => swarm.status);
    return statuses.find(({ kind }) => kind === 'connected') ?? statuses[0] ?? { kind: 'idle' };
  }

  connect(): void {
    for (const swarmId of this.#listened.keys()) this.#open(swarmId)?.connect();
  }

  async announce(announce: AnnounceRequest): Promise<AnnounceAnswer> {
    return this.#swarm(announce.swarmId).announce(announce);
  }

  async relay(kind: RelayKind, message: Directed): Promise<void> {
    this.#swarm(message.swarmId).relay(kind, message);
  }

  leave(swarmId: SwarmId): void {
    this.#swarms.get(swarmId)?.abort.abort();
    this.#swarms.delete(swarmId);
  }

  listen(swarmId: SwarmId, handlers: SignalingHandlers, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#listeners.add(swarmId, handlers, signal);
    this.#listened.set(swarmId, (this.#listened.get(swarmId) ?? 0) + 1);
    const forget = (): void => {
      const left = (this.#listened.get(swarmId) ?? 1) - 1;
      if (left > 0) return void this.#listened.set(swarmId, left);
      this.#listened.delete(swarmId);
      this.leave(swarmId);
    };
    signal.addEventListener('abort', forget, { once: true });
  }

  #open(swarmId: SwarmId): PeerServerSwarm | undefined {
    const open = this.#swarms.get(swarmId);
    if (open !== undefined || this.#options.signal.aborted) return open?.swarm;
    const abort = new AbortController();
    const swarm = new PeerServerSwarm({
      ...this.#options,
      swarmId,
      signal: abort.signal,
      onStatus: (status) => {
        for (const handlers of this.#listeners.of(swarmId)) handlers.onStatus(status);
      },
      onRelayed: (kind, message) => this.#listeners.tellRelayed(kind, message),
    });
    this.#swarms.set(swarmId, { swarm, abort });
    return swarm;
  }

  #swarm(swarmId: string): PeerServerSwarm {
    const open = this.#swarms.get(swarmId);
    if (open === undefined) throw new SignalingCallError('unreachable', notice('notConnected', { host: this.#options.address.host }));
    return open.swarm;
  }
}
