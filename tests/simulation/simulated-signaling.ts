import type { SwarmId } from '@/src/protocol/ids';
import { announceSchema, type AnnounceAnswer, type AnnounceRequest, type Directed, type RelayKind } from '@/src/protocol/signaling-events';
import { SignalingCallError, type SignalingClient, type SignalingHandlers, type SignalingStatus } from '@/src/transport/signaling-client';
import { SignalingListeners } from '@/src/transport/signaling-listeners';
import { tellDeparture } from '@/signaling-server/src/acquaintance';
import * as v from 'valibot';
import { announce } from '@/signaling-server/src/announce';
import { readConfig } from '@/signaling-server/src/config';
import type { Connection, ServerMessage } from '@/signaling-server/src/connection';
import { MemorySwarmRegistry } from '@/signaling-server/src/memory-swarm-registry';
import { relay } from '@/signaling-server/src/relay';
import type { Host } from './host';
import type { SeededRandom } from './seeded-random';
import type { VirtualClock } from './virtual-clock';
import { notice } from '@/src/protocol/notice';

/** One way to a server that is neither near nor far. */
const SERVER_DELAY_MS = 25;
/** TCP, TLS 1.3, WebSocket and Socket.IO take a round trip each before the first announce. */
const ROUND_TRIPS_TO_CONNECT = 4;

/** The real server's swarms and rules over connections of the simulation. Not its rate limits: those count addresses, and here are none. */
export class SimulatedSignalingServer {
  readonly clock: VirtualClock;
  /** As an operator sets it who expects a crowd: by default a swarm has 5,000 members at most. */
  readonly config = readConfig({ MAX_MEMBERS_PER_SWARM: '100000' });
  readonly registry: MemorySwarmRegistry;
  /** Both ways, answers included. */
  messages = 0;

  constructor(clock: VirtualClock, random: SeededRandom) {
    this.clock = clock;
    this.registry = new MemorySwarmRegistry(this.config, random.random);
  }

  connect(url: string, host: Host, signal: AbortSignal): SignalingClient {
    return new SimulatedSignaling(this, url, host, signal);
  }

  leave(connection: Connection): void {
    for (const member of this.registry.leaveAll(connection)) tellDeparture(this.registry, member);
  }

  later(call: () => void, delayMs = SERVER_DELAY_MS): void {
    this.clock.at(this.clock.now() + delayMs, call);
  }
}

class SimulatedSignaling implements SignalingClient, Connection {
  readonly url: string;
  readonly addressKey = '';
  readonly #server: SimulatedSignalingServer;
  readonly #host: Host;
  readonly #signal: AbortSignal;
  readonly #listeners = new SignalingListeners();
  #status: SignalingStatus = { kind: 'idle' };

  constructor(server: SimulatedSignalingServer, url: string, host: Host, signal: AbortSignal) {
    this.#server = server;
    this.url = url;
    this.#host = host;
    this.#signal = signal;
    const { pingIntervalSeconds, pingTimeoutSeconds } = server.config;
    signal.addEventListener('abort', () => {
      // Nobody says that a machine is gone: the server finds out when it does not answer.
      const delayMs = host.hasVanished ? (pingIntervalSeconds + pingTimeoutSeconds) * 1000 : SERVER_DELAY_MS;
      server.later(() => server.leave(this), delayMs);
    });
  }

  get status(): SignalingStatus {
    return this.#status;
  }

  connect(): void {
    if (this.#status.kind !== 'idle') return;
    this.#become({ kind: 'connecting' });
    this.#server.later(() => this.#become({ kind: 'connected' }), 2 * SERVER_DELAY_MS * ROUND_TRIPS_TO_CONNECT);
  }

  announce(request: AnnounceRequest): Promise<AnnounceAnswer> {
    const { registry, config, clock } = this.#server;
    return this.#call(() => {
      const peers = announce(registry, this, v.parse(announceSchema, request), clock.now());
      return typeof peers === 'string' ? peers : { peers, intervalSeconds: config.announceIntervalSeconds };
    });
  }

  async relay(kind: RelayKind, message: Directed): Promise<void> {
    await this.#call(() => relay(this.#server.registry, this, kind, message, this.#server.clock.now()) ?? { ok: true });
  }

  leave(swarmId: SwarmId): void {
    if (this.#host.hasVanished) return;
    this.#server.messages++;
    this.#server.later(() => {
      const member = this.#server.registry.leave(this, swarmId);
      if (member !== undefined) tellDeparture(this.#server.registry, member);
    });
  }

  listen(swarmId: SwarmId, handlers: SignalingHandlers, signal: AbortSignal): void {
    this.#listeners.add(swarmId, handlers, signal);
  }

  /** The server's end of this connection. */
  deliver(message: ServerMessage): boolean {
    this.#server.messages++;
    this.#server.later(() => {
      if (this.#isGone) return;
      for (const listener of this.#listeners.of(message.payload.swarmId)) {
        if (message.event === 'peer-left') listener.onPeerLeft(message.payload);
        else listener.onRelayed(message.event, { ...message.payload, sealed: String(message.payload.sealed) });
      }
    });
    return true;
  }

  get #isGone(): boolean {
    return this.#signal.aborted || this.#host.hasVanished;
  }

  #call<Answer extends object>(obey: () => Answer | string): Promise<Answer> {
    this.#server.messages += 2;
    return new Promise((resolve, reject) => {
      this.#server.later(() => {
        if (this.#isGone) return reject(new SignalingCallError('unreachable', notice('connectionLost', { host: 'simulated' })));
        const answer = obey();
        this.#server.later(() => {
          if (typeof answer === 'string')
            reject(new SignalingCallError(answer, notice('serverRefuses', { host: 'simulated', reason: answer })));
          else resolve(answer);
        });
      });
    });
  }

  #become(status: SignalingStatus): void {
    if (this.#isGone) return;
    this.#status = status;
    this.#listeners.tellStatus(status);
  }
}
