import type { EngineSettings, IceServer } from '@/src/protocol/engine-api';

type IceSettings = Pick<EngineSettings, 'iceServers' | 'relayOnly'>;

/** The STUN and TURN servers of all sessions, and whether connections may be made without a relay. */
export class IceServers {
  #settings: IceSettings = { iceServers: [] };

  configure(settings: IceSettings): void {
    this.#settings = settings;
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
    return { iceServers: copies(this.#settings.iceServers) };
  }

  get #relays(): readonly IceServer[] {
    return this.#settings.iceServers.filter(({ urls }) => /^turns?:/.test(urls));
  }
}

/** The browser's type has no place for what may not be changed. */
function copies(servers: readonly IceServer[]): RTCIceServer[] {
  return servers.map((server) => ({ ...server }));
}
