import type { AnnounceAnswer, SignalingError } from '@/src/protocol/signaling-events';
import { tellDeparture } from './acquaintance';
import { announce } from './announce';
import type { Connection } from './connection';
import type { RateLimits } from './rate-limits';
import { refusal } from './refusal';
import { relay } from './relay';
import type { SwarmRegistry } from './swarm-registry';
import { messagePoints, parseMessage, type ClientMessage } from './validate';

export type Answer = AnnounceAnswer | { readonly ok: true } | { readonly error: SignalingError };

export interface HubParts {
  readonly registry: SwarmRegistry;
  readonly rateLimits: RateLimits;
  readonly announceIntervalSeconds: number;
  readonly nowMs: () => number;
}

/** What a transport hands every message to: the same rules for all of them. */
export class ClientSession {
  readonly #parts: HubParts;
  readonly #connection: Connection;
  readonly #rateKey: string;
  #closed = false;

  /** `rateKey` names the connection among all others. */
  constructor(parts: HubParts, connection: Connection, rateKey: string) {
    this.#parts = parts;
    this.#connection = connection;
    this.#rateKey = rateKey;
  }

  /** `cut` tells the transport to end the connection once the answer is sent. */
  async handle(event: unknown, payload: unknown): Promise<{ readonly answer: Answer; readonly cut: boolean }> {
    const message = parseMessage(event, payload);
    const points = typeof message === 'string' ? 1 : messagePoints(message);
    const admission = await this.#parts.rateLimits.message(this.#rateKey, this.#connection.addressKey, points);
    if (admission !== 'admitted') return { answer: refusal('rate-limited'), cut: admission === 'cut' };
    if (typeof message === 'string') return { answer: { error: { code: 'bad-message', message } }, cut: false };
    // It may have closed while it waited for admission: joining now would leave a member that never goes.
    if (this.#closed) return { answer: refusal('not-announced'), cut: false };
    return { answer: this.#obey(message), cut: false };
  }

  async close(): Promise<void> {
    this.#closed = true;
    const { registry, rateLimits } = this.#parts;
    for (const member of registry.leaveAll(this.#connection)) tellDeparture(registry, member);
    await rateLimits.forget(this.#rateKey);
  }

  #obey(message: ClientMessage): Answer {
    const { registry, announceIntervalSeconds, nowMs } = this.#parts;
    switch (message.event) {
      case 'announce': {
        const peers = announce(registry, this.#connection, message.payload, nowMs());
        return typeof peers === 'string' ? refusal(peers) : { peers, intervalSeconds: announceIntervalSeconds };
      }
      case 'offer':
      case 'answer':
      case 'ice-candidate': {
        const code = relay(registry, this.#connection, message.event, message.payload, nowMs());
        return code === undefined ? { ok: true } : refusal(code);
      }
      case 'leave': {
        const member = registry.leave(this.#connection, message.payload.swarmId);
        if (member === undefined) return refusal('not-announced');
        tellDeparture(registry, member);
        return { ok: true };
      }
      default:
        return message satisfies never;
    }
  }
}
