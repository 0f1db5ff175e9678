import { createHmac, randomBytes } from 'node:crypto';
import type { LentRelay } from '@/src/protocol/signaling-events';
import { RateWindow } from './rate-window';

export interface TurnOptions {
  /** Empty: none are issued. */
  readonly turnUrls: readonly string[];
  /** That of coturn's `static-auth-secret`. */
  readonly turnSecret: string | undefined;
  readonly turnLifetimeSeconds: number;
  readonly turnCredentialsPerAddressPerHour: number;
}

export interface IssuedRelays {
  readonly relays: readonly Omit<LentRelay, 'lifetimeSeconds'>[];
  readonly endsAtMs: number;
}

const HOUR_MS = 3_600_000;

/**
 * Time-limited credentials as coturn takes them with `use-auth-secret` (draft-uberti-behave-turn-rest-00): the user name says when they end,
 * the password is its HMAC-SHA1. Nobody can be told apart by them: each user name is random.
 */
export class TurnCredentials {
  readonly #options: TurnOptions;
  readonly #nowMs: () => number;
  readonly #issued = new Map<string, RateWindow>();

  /** @param nowMs since the epoch: coturn compares it with its own clock */
  constructor(options: TurnOptions, nowMs: () => number) {
    this.#options = options;
    this.#nowMs = nowMs;
  }

  /** Undefined when there are none, or the address has had as many as it may. */
  issue(addressKey: string): IssuedRelays | undefined {
    const { turnUrls, turnSecret, turnLifetimeSeconds, turnCredentialsPerAddressPerHour } = this.#options;
    if (turnSecret === undefined || turnUrls.length === 0) return undefined;
    const nowMs = this.#nowMs();
    if (this.#windowOf(addressKey, nowMs).spend(1, nowMs, HOUR_MS) > turnCredentialsPerAddressPerHour) return undefined;
    const endsAtSeconds = Math.floor(nowMs / 1000) + turnLifetimeSeconds;
    const username = `${endsAtSeconds}:${randomBytes(6).toString('hex')}`;
    const credential = createHmac('sha1', turnSecret).update(username).digest('base64');
    return { relays: turnUrls.map((urls) => ({ urls, username, credential })), endsAtMs: endsAtSeconds * 1000 };
  }

  /** Less than half of their time is left. */
  isOld({ endsAtMs }: IssuedRelays, nowMs: number): boolean {
    return endsAtMs - nowMs < this.#options.turnLifetimeSeconds * 500;
  }

  #windowOf(addressKey: string, nowMs: number): RateWindow {
    const known = this.#issued.get(addressKey);
    if (known !== undefined) return known;
    for (const [key, window] of this.#issued) if (window.isOver(nowMs)) this.#issued.delete(key);
    const window = new RateWindow();
    this.#issued.set(addressKey, window);
    return window;
  }
}
