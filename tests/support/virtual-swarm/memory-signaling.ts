import type { Clock } from '@/src/base/clock';
import type { SwarmId } from '@/src/protocol/ids';
import { announceSchema, type AnnounceAnswer, type AnnounceRequest, type Directed, type RelayKind } from '@/src/protocol/signaling-events';
import { announce } from '@/signaling-server/src/announce';
import { tellDeparture } from '@/signaling-server/src/acquaintance';
import type { Connection, ServerMessage } from '@/signaling-server/src/connection';
import { MemorySwarmRegistry } from '@/signaling-server/src/memory-swarm-registry';
import { relay } from '@/signaling-server/src/relay';
import { SignalingCallError, type SignalingClient, type SignalingHandlers, type SignalingStatus } from '@/src/transport/signaling-client';
import * as v from 'valibot';
import { notice } from '@/src/protocol/notice';

const LIMITS = { maxSwarms: 100, maxSwarmsPerConnection: 10, maxMembersPerSwarm: 100, offerLifetimeSeconds: 120 };
/** Loopback: host candidates may be tried (SPEC G6). */
const URL = 'http://127.0.0.1';

/** The signaling server's own rooms, without sockets and their time. */
export class MemorySignaling {
  readonly #clock: Clock;
  readonly #registry: MemorySwarmRegistry;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#registry = new MemorySwarmRegistry(LIMITS, random);
  }

  readonly createClient = (_url: string, signal: AbortSignal): SignalingClient => {
    const client = new MemorySignalingClient(this.#registry, this.#clock);
    signal.addEventListener('abort', () => client.end(), { once: true });
    return client;
  };
}

class MemorySignalingClient implements SignalingClient, Connection {
  readonly url = URL;
  readonly addressKey = URL;
  readonly status: SignalingStatus = { kind: 'connected' };
  readonly #registry: MemorySwarmRegistry;
  readonly #clock: Clock;
  readonly #handlers = new Map<SwarmId, SignalingHandlers>();
  #ended = false;

  constructor(registry: MemorySwarmRegistry, clock: Clock) {
    this.#registry = registry;
    this.#clock = clock;
  }

  connect(): void {}

  async announce(request: AnnounceRequest): Promise<AnnounceAnswer> {
    const peers = announce(this.#registry, this, v.parse(announceSchema, request), this.#clock.now());
    if (typeof peers === 'string') throw new SignalingCallError(peers, notice('serverRefuses', { host: 'memory', reason: peers }));
    return { peers, intervalSeconds: 30 };
  }

  async relay(kind: RelayKind, message: Directed): Promise<void> {
    const refused = relay(this.#registry, this, kind, message, this.#clock.now());
    if (refused !== undefined) throw new SignalingCallError(refused, notice('serverRefuses', { host: 'memory', reason: refused }));
  }

  leave(swarmId: SwarmId): void {
    const member = this.#registry.leave(this, swarmId);
    if (member !== undefined) tellDeparture(this.#registry, member);
  }

  listen(swarmId: SwarmId, handlers: SignalingHandlers, signal: AbortSignal): void {
    this.#handlers.set(swarmId, handlers);
    signal.addEventListener('abort', () => this.#handlers.delete(swarmId), { once: true });
  }

  deliver(message: ServerMessage): boolean {
    if (this.#ended) return false;
    this.#clock.after(1, () => {
      const handlers = this.#handlers.get(message.payload.swarmId);
      if (message.event === 'peer-left') handlers?.onPeerLeft(message.payload);
      else handlers?.onRelayed(message.event, { ...message.payload, sealed: String(message.payload.sealed) });
    });
    return true;
  }

  end(): void {
    this.#ended = true;
    for (const member of this.#registry.leaveAll(this)) tellDeparture(this.#registry, member);
  }
}
