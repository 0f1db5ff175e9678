import * as v from 'valibot';
import type { AnnounceAnswer, SignalingError } from '@/src/protocol/signaling-events';
import { authSchema } from '@/src/protocol/web-socket-frames';
import type { Access } from './access';
import { tellDeparture } from './acquaintance';
import { announce } from './announce';
import type { Connection } from './connection';
import type { Metrics } from './metrics';
import type { RateLimits } from './rate-limits';
import { RateWindow } from './rate-window';
import { refusal } from './refusal';
import { relay } from './relay';
import type { IssuedRelays, TurnCredentials } from './turn-credentials';
import type { SwarmRegistry } from './swarm-registry';
import { messagePoints, parseMessage, unreadPoints, type ClientMessage } from './validate';

export type Answer = AnnounceAnswer | { readonly ok: true } | { readonly error: SignalingError };

/** An answer, and whether the transport is to end the connection once it is sent. */
export interface Handled {
  readonly answer: Answer;
  readonly cut: boolean;
}

export interface HubParts {
  readonly access: Access;
  readonly registry: SwarmRegistry;
  readonly rateLimits: RateLimits;
  readonly metrics: Metrics;
  /** Undefined where none are lent to anybody. */
  readonly turn: TurnCredentials | undefined;
  readonly announceIntervalSeconds: number;
  readonly nowMs: () => number;
}

/** Who has not shown a token by then is sent away. */
const TOKEN_TIMEOUT_MS = 10_000;

/** What a transport hands every message to: the same rules for all of them. */
export class ClientSession {
  readonly #parts: HubParts;
  readonly #connection: Connection;
  readonly #spent = new RateWindow();
  #isAuthorized: boolean;
  #relays: IssuedRelays | undefined;
  #tokenTimer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param isAuthorized it has shown a token that is good */
  constructor(parts: HubParts, connection: Connection, isAuthorized = false) {
    this.#parts = parts;
    this.#connection = connection;
    this.#isAuthorized = isAuthorized || !parts.access.isPrivate;
  }

  /** Of a private server: `onMissing` when no good token has come in time. */
  expectToken(onMissing: () => void): void {
    if (this.#isAuthorized || this.#closed) return;
    this.#tokenTimer = setTimeout(onMissing, TOKEN_TIMEOUT_MS);
    this.#tokenTimer.unref();
  }

  handle(event: unknown, payload: unknown): Handled {
    return this.#counted(this.#handle(event, payload));
  }

  /** A token that is not good ends the connection: whoever guesses has to connect for each guess. */
  async authorize(payload: unknown): Promise<Handled> {
    return this.#counted(await this.#authorize(payload));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#tokenTimer);
    const { registry } = this.#parts;
    for (const member of registry.leaveAll(this.#connection)) tellDeparture(registry, member);
  }

  #counted(handled: Handled): Handled {
    if ('error' in handled.answer) this.#parts.metrics.refused(handled.answer.error.code);
    return handled;
  }

  async #authorize(payload: unknown): Promise<Handled> {
    const { access, metrics, rateLimits } = this.#parts;
    const admission = rateLimits.message(this.#spent, this.#connection.addressKey, 1);
    if (admission !== 'admitted') return { answer: refusal('rate-limited'), cut: true };
    const parsed = v.safeParse(authSchema, payload);
    if (!parsed.success) return badMessage('A token is text of at most 1000 characters.');
    if (access.isPrivate && !(await access.admits(parsed.output.token))) return { answer: refusal('unauthorized'), cut: true };
    this.#isAuthorized = true;
    clearTimeout(this.#tokenTimer);
    metrics.obeyed('auth');
    return { answer: { ok: true }, cut: false };
  }

  #handle(event: unknown, payload: unknown): Handled {
    const { rateLimits } = this.#parts;
    const { addressKey } = this.#connection;
    // Of whoever has nothing left, no message is looked at: a flood costs the least there is.
    const isSpent = rateLimits.isSpent(this.#spent, addressKey);
    const message = isSpent ? refusal('rate-limited').error.message : parseMessage(event, payload);
    const points = typeof message === 'string' ? unreadPoints(payload) : messagePoints(message);
    const admission = rateLimits.message(this.#spent, addressKey, points);
    if (admission !== 'admitted') return { answer: refusal('rate-limited'), cut: admission === 'cut' };
    if (typeof message === 'string') return badMessage(message);
    if (!this.#isAuthorized) return { answer: refusal('unauthorized'), cut: false };
    // Joining after its end would leave a member that never goes.
    if (this.#closed) return { answer: refusal('not-announced'), cut: false };
    const answer = this.#obey(message);
    if (!('error' in answer)) this.#parts.metrics.obeyed(message.event);
    return { answer, cut: false };
  }

  #obey(message: ClientMessage): Answer {
    const { access, registry, announceIntervalSeconds, nowMs } = this.#parts;
    switch (message.event) {
      case 'announce': {
        if (!access.allowsSwarm(message.payload.swarmId)) return refusal('swarm-not-allowed');
        const peers = announce(registry, this.#connection, message.payload, nowMs());
        return typeof peers === 'string' ? refusal(peers) : { peers, intervalSeconds: announceIntervalSeconds, ...this.#lend() };
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

  /** With each announce; new ones once those at hand have less than half of their time left, so that none end while they are used. */
  #lend(): Pick<AnnounceAnswer, 'relays'> {
    const { turn } = this.#parts;
    if (turn === undefined) return {};
    const nowMs = Date.now();
    if (this.#relays === undefined || turn.isOld(this.#relays, nowMs))
      this.#relays = turn.issue(this.#connection.addressKey) ?? this.#relays;
    if (this.#relays === undefined) return {};
    const lifetimeSeconds = Math.max(0, Math.floor((this.#relays.endsAtMs - nowMs) / 1000));
    return { relays: this.#relays.relays.map((relay) => ({ ...relay, lifetimeSeconds })) };
  }
}

function badMessage(message: string): Handled {
  return { answer: { error: { code: 'bad-message', message } }, cut: false };
}
