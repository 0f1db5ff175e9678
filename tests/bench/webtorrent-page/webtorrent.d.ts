/** The part of the library that the page uses; it brings no types of its own. */
declare module 'webtorrent/dist/webtorrent.min.js' {
  export interface TorrentOptions {
    readonly announce?: readonly string[];
    readonly name?: string;
    readonly store?: unknown;
  }
  export interface Torrent {
    readonly magnetURI: string;
    readonly numPeers: number;
    readonly downloaded: number;
    readonly uploaded: number;
    readonly length: number;
    readonly files: readonly { streamTo(element: HTMLMediaElement): void }[];
    once(event: 'metadata' | 'verified' | 'done', listener: () => void): void;
  }
  export default class WebTorrent {
    constructor(options: { readonly tracker: { readonly rtcConfig: RTCConfiguration } });
    add(magnet: string, options: TorrentOptions, onReady: (torrent: Torrent) => void): Torrent;
    seed(file: File, options: TorrentOptions, onSeed: (torrent: Torrent) => void): Torrent;
    createServer(options: { readonly controller: ServiceWorkerRegistration }): unknown;
    on(event: 'error', listener: (error: Error) => void): void;
  }
}

declare module 'memory-chunk-store' {
  const MemoryChunkStore: unknown;
  export default MemoryChunkStore;
}
