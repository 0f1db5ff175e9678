/** The part of the package that is used here; it brings no types of its own. */
declare module 'bittorrent-tracker' {
  import type { EventEmitter } from 'node:events';

  export class Server extends EventEmitter {
    /** Tells of every `connection`. */
    readonly ws: EventEmitter & { address(): { readonly port: number } };
    /** By info hash. */
    readonly torrents: Readonly<Record<string, { readonly complete: number; readonly incomplete: number } | undefined>>;
    constructor(options: { readonly http: false; readonly udp: false; readonly ws: true; readonly stats: false });
    listen(port: number, host: string): void;
    close(onClosed: () => void): void;
  }

  export class Client extends EventEmitter {
    constructor(options: {
      readonly infoHash: string;
      readonly peerId: string;
      readonly announce: readonly string[];
      readonly port: number;
      readonly getAnnounceOpts?: () => object;
      readonly rtcConfig?: RTCConfiguration;
    });
    start(options: { readonly left: number }): void;
    scrape(): void;
    destroy(): void;
  }
}
