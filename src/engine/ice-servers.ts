import type { EngineSettings, IceServer } from '@/src/protocol/engine-api';
import type { LentRelay } from '@/src/protocol/signaling-events';
import { isPrivateServer } from '@/src/transport/candidate-filter';
import { isPrivateHost } from '@/src/transport/stranger-address';

/** Credentials that end sooner are not begun with. */
const ABOUT_TO_END_MS = 30_000;

type IceSettings = Pick<EngineSettings, 'iceServers' | 'relayOnly'>;

/** The STUN and TURN servers of all sessions, and whether connections may be made without a relay. */
export class IceServers {
  readonly #nowMs: () => number;
  readonly #onLent: () => void;
  readonly #lent = new Map<string, { readonly servers: readonly IceServer[]; readonly endsAtMs: number }>();
  #settings: IceSettings = { iceServers: [] };

  /** @param onLent a server lent its first ones */
  constructor(nowMs: () => number, onLent: () => void) {
    this.#nowMs = nowMs;
    this.#onLent = onLent;
  }

  configure(settings: IceSettings): void {
    this.#settings = settings;
  }

  /** TURN servers that a signaling server lends (SPEC G12), instead of those it lent before. */
  lend(signalingUrl: string, relays: readonly LentRelay[]): void {
    const isFirst = this.#lentServers.length === 0;
    const lifetimeSeconds = Math.min(...relays.map((relay) => relay.lifetimeSeconds));
    // What a server of the open net says leads into no private one (SPEC G7): the browser would connect there.
    const usable = relays.filter(({ urls }) => isPrivateServer(signalingUrl) || !isPrivateHost(hostOf(urls)));
    const servers = usable.map(({ urls, username, credential }) => ({ urls, username, credential }));
    this.#lent.set(signalingUrl, { servers, endsAtMs: this.#nowMs() + lifetimeSeconds * 1000 });
    if (isFirst && this.#lentServers.length > 0) this.#onLent();
  }

  /** Whoever leaves a server leaves its TURN servers. */
  keepLenders(signalingUrls: readonly string[]): void {
    for (const url of this.#lent.keys()) if (!signalingUrls.includes(url)) this.#lent.delete(url);
  }

  get relayOnly(): boolean {
    return this.#settings.relayOnly === true;
  }

  /** False when every connection must go through a TURN server and none is known: none is tried then. */
  get mayConnect(): boolean {
    return !this.relayOnly || this.#relays.length > 0;
  }

  /** For a new connection. Where only relays may be used STUN servers are left out: they would be told an address that nobody needs. */
  configuration(): RTCConfiguration {
    if (this.relayOnly) return { iceServers: copies(this.#relays), iceTransportPolicy: 'relay' };
    return { iceServers: copies(this.#all) };
  }

  get #all(): readonly IceServer[] {
    return [...this.#settings.iceServers, ...this.#lentServers];
  }

  get #lentServers(): readonly IceServer[] {
    const soonMs = this.#nowMs() + ABOUT_TO_END_MS;
    return [...this.#lent.values()].flatMap(({ servers, endsAtMs }) => (endsAtMs > soonMs ? servers : []));
  }

  get #relays(): readonly IceServer[] {
    return this.#all.filter(({ urls }) => /^turns?:/.test(urls));
  }
}

/** `turn:host:port?transport=udp` (RFC 7065) */
function hostOf(turnUrl: string): string {
  return new URL(turnUrl.replace(/^turns?:/, 'https://')).hostname;
}

/** The browser's type has no place for what may not be changed. */
function copies(servers: readonly IceServer[]): RTCIceServer[] {
  return servers.map((server) => ({ ...server }));
}
