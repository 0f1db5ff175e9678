import type { IncomingMessage } from 'node:http';
import type { Access } from './access';
import { clientAddressKey } from './client-address';
import type { ConnectionCounts } from './connection-counts';
import type { Metrics } from './metrics';
import type { RateLimits } from './rate-limits';

export interface AdmissionOptions {
  readonly access: Access;
  readonly counts: ConnectionCounts;
  readonly rateLimits: RateLimits;
  readonly metrics: Metrics;
  readonly maxConnections: number;
  readonly trustedProxies: number;
}

/** Why no connection is made, in the terms of HTTP and of people. */
export interface Turned {
  readonly status: 403 | 429 | 503;
  readonly reason: string;
}

/** The same door for all transports. */
export class Admission {
  readonly #options: AdmissionOptions;
  #isClosing = false;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Nobody is let in any more. */
  close(): void {
    this.#isClosing = true;
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  addressKey(request: IncomingMessage): string {
    return clientAddressKey(request, this.#options.trustedProxies);
  }

  /** Undefined for who may connect. Counts a try of its address. */
  judge(request: IncomingMessage): Turned | undefined {
    const turned = this.#judge(request);
    if (turned !== undefined) this.#options.metrics.turnedAway(turned.status);
    return turned;
  }

  #judge(request: IncomingMessage): Turned | undefined {
    const { access, counts, rateLimits, maxConnections } = this.#options;
    if (this.#isClosing) return { status: 503, reason: 'This signaling server is going down. Use another one.' };
    if (!access.allowsOrigin(request.headers.origin))
      return { status: 403, reason: 'This signaling server does not serve pages of that origin.' };
    if (counts.total >= maxConnections) return { status: 503, reason: 'This signaling server is full.' };
    if (rateLimits.connect(this.addressKey(request))) return undefined;
    return { status: 429, reason: 'Too many new connections from this address.' };
  }

  /** False when its address has as many connections as it may. `leave` whatever was let in. */
  enter(addressKey: string): boolean {
    const { counts, metrics } = this.#options;
    const isIn = counts.enter(addressKey);
    if (!isIn) metrics.turnedAway(429);
    return isIn;
  }

  leave(addressKey: string): void {
    this.#options.counts.leave(addressKey);
  }
}
