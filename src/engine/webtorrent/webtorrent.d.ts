/** As much of webtorrent 3 as library.ts uses; the package brings no types. Members after "Private" or "Undocumented" are contract-tested. */
declare module 'webtorrent' {
  type Listener = (...facts: never[]) => void;

  interface Emitter {
    on(event: string, listener: Listener): this;
    once(event: string, listener: Listener): this;
    emit(event: string, ...facts: unknown[]): boolean;
  }

  export interface Bits {
    readonly buffer: Uint8Array;
    get(index: number): boolean;
    set(index: number, value?: boolean): void;
    /** The library takes a peer whose bits lack this for one that has everything. */
    readonly setAll?: unknown;
  }

  export interface Wire extends Emitter {
    readonly peerId: string;
    readonly destroyed: boolean;
    readonly peerChoking: boolean;
    peerPieces: Bits;
    readonly requests: readonly { readonly piece: number; readonly offset: number; readonly length: number }[];
    readonly extendedHandshake: Record<string, unknown>;
    readonly peerExtendedMapping: Readonly<Record<string, number>>;
    downloadSpeed(): number;
    have(piece: number): void;
    cancel(piece: number, offset: number, length: number): void;
    extended(extension: number | string, message: unknown): void;
    use(extension: new (wire: Wire) => object): void;
    destroy(): void;
    /** Of the extension `ut_metadata`, which the library puts on every wire. */
    readonly ut_metadata: { setMetadata(infoBytes: Uint8Array): Promise<boolean> };
    /** Of the extension `lt_donthave` (BEP 54), likewise. */
    readonly lt_donthave: Emitter & { donthave(piece: number): void };
    // Undocumented
    readonly extendedMapping: Readonly<Record<number, string>>;
    peerExtendedHandshake: { reqq?: unknown };
  }

  export interface Torrent extends Emitter {
    readonly wires: readonly Wire[];
    readonly ready: boolean;
    readonly destroyed: boolean;
    readonly pieces: readonly ({ readonly missing: number } | null)[];
    addPeer(peer: unknown, source?: string): boolean;
    select(first: number, last: number, priority?: number): void;
    deselect(first: number, last: number): void;
    destroy(done?: () => void): void;
    // Undocumented
    readonly infoBuffer: Uint8Array<ArrayBuffer> | undefined;
    readonly bitfield: Bits;
    // Private
    _markVerified(piece: number): void;
    _markUnverified(piece: number): void;
    _checkDone(): boolean;
  }

  export default class WebTorrent {
    constructor(options: Readonly<Record<string, unknown>>);
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'listening', listener: () => void): this;
    add(torrentId: string | Uint8Array, options: Readonly<Record<string, unknown>>): Torrent;
    destroy(done?: () => void): void;
  }
}
