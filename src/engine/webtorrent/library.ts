import type WebTorrent from 'webtorrent';
import type { Bits, Torrent, Wire } from 'webtorrent';
import { concatBytes, type Bytes } from '@/src/base/bytes';
import type { InfoHash, PeerId } from '@/src/protocol/ids';
import { libraryStoreClass, type LibraryStoreCalls } from './library-store';

/*
 * The one file that knows the webtorrent package, and all that is said here of its insides is so in version 3.0.21: the private
 * `_markVerified`, `_markUnverified` and `_checkDone`; the undocumented options `bitfield`, `deselect` and `store` as a class; the undocumented
 * `torrent.bitfield`, `torrent.infoBuffer`, `wire.peerExtendedHandshake` and `wire.extendedMapping`. tests/contract/webtorrent-library
 * tries each of them against the real library, so that a version that breaks one fails there.
 */

export type LibraryTorrent = Torrent;
export type LibraryWire = Wire;

export interface LibraryOptions {
  /** The viewer's id among WebTorrent peers. */
  readonly peerId: PeerId;
  readonly onError: (error: Error) => void;
}

export interface AddTorrent {
  readonly infoHash: InfoHash;
  readonly infoBytes: Bytes | undefined;
  readonly store: LibraryStoreCalls;
}

/** Nothing that finds or opens anything by itself: peers come from our tracker client, addresses of strangers are never followed. */
const CLIENT_OPTIONS = {
  tracker: false,
  webSeeds: false,
  dht: false,
  lsd: false,
  utPex: false,
  utp: false,
  natUpnp: false,
  natPmp: false,
} as const;

/** One client of the library. The package is loaded when the first session needs it. */
export class WebTorrentLibrary {
  readonly #client: WebTorrent;

  private constructor(client: WebTorrent) {
    this.#client = client;
  }

  static async load({ peerId, onError }: LibraryOptions): Promise<WebTorrentLibrary> {
    const { default: Client } = await import('webtorrent');
    const client = new Client({ ...CLIENT_OPTIONS, peerId });
    client.on('error', onError);
    // In Node a torrent that learns its metadata before the client listens throws.
    await new Promise<void>((resolve) => client.on('listening', resolve));
    return new WebTorrentLibrary(client);
  }

  /**
   * Resolves once peers may be added. With the info dictionary it need not be asked of peers.
   * @param listen called at once: with the metadata at hand a torrent can be ready before it may have peers
   */
  async add(request: AddTorrent, listen: (torrent: LibraryTorrent) => void): Promise<LibraryTorrent> {
    const { infoHash, infoBytes, store } = request;
    const bitfield: number[] = [];
    const torrent = this.#client.add(infoBytes === undefined ? infoHash : torrentFile(infoBytes), {
      announce: [],
      urlList: [],
      store: libraryStoreClass(store, bitfield),
      storeCacheSlots: 0,
      bitfield,
      deselect: true,
      strategy: 'sequential',
    });
    listen(torrent);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    torrent.once('infoHash', resolve);
    torrent.once('error', reject);
    await promise;
    return torrent;
  }

  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#client.destroy(resolve);
    await promise;
  }
}

/**
 * The pieces are here although this swarm did not bring them: the library serves them, and stops fetching them. What was asked for may
 * still come. Peers are told unless `quietly` is set.
 */
export function adoptPieces(torrent: LibraryTorrent, pieces: Iterable<number>, quietly = false): void {
  for (const piece of pieces) {
    if (torrent.bitfield.get(piece) && torrent.pieces[piece] === null) continue;
    torrent._markVerified(piece);
    for (const wire of quietly ? [] : torrent.wires) {
      for (const { offset, length } of wire.requests.filter((request) => request.piece === piece)) wire.cancel(piece, offset, length);
      wire.have(piece);
    }
  }
  torrent._checkDone();
}

/** The pieces are not here any more: nothing of them is served, and peers that speak BEP 54 are told. Plain BitTorrent cannot say it. */
export function releasePieces(torrent: LibraryTorrent, pieces: Iterable<number>): void {
  for (const piece of pieces) {
    if (!torrent.bitfield.get(piece)) continue;
    torrent._markUnverified(piece);
    for (const wire of torrent.wires) wire.lt_donthave.donthave(piece);
  }
  torrent._checkDone();
}

/** Fetches these pieces from now on, in this order, and no others. Runs are not to touch each other. */
export function selectRuns(torrent: LibraryTorrent, runs: readonly { readonly first: number; readonly last: number }[]): void {
  // Taking away the head of a selection leaves it an offset that skips pieces: always everything, and anew.
  torrent.deselect(0, torrent.pieces.length - 1);
  for (const { first, last } of runs) torrent.select(first, last);
}

/** At most so many requests wait at this peer, so that a seek does not wait behind a second of blocks. */
export function limitRequests(wire: LibraryWire, requests: number, announced: number | undefined): void {
  wire.peerExtendedHandshake.reqq = Math.min(requests, announced ?? requests);
}

/** What the peer itself said, once its extended handshake came. */
export function announcedRequests(handshake: { readonly reqq?: unknown }): number | undefined {
  const { reqq } = handshake;
  return typeof reqq === 'number' && reqq > 0 ? reqq : undefined;
}

/** Gives the metadata to a wire that came before it: the torrent learns it from there, and the peer that it can be had here. */
export async function offerMetadata(wire: LibraryWire, infoBytes: Bytes): Promise<void> {
  await wire.ut_metadata.setMetadata(infoBytes);
  if (wire.destroyed) return;
  const names = Object.entries(wire.extendedMapping).map(([number, name]) => [name, Number(number)]);
  wire.extended(0, { ...wire.extendedHandshake, m: Object.fromEntries(names) });
}

const hiddenPieces = new WeakMap<Bits, Set<number>>();

/** From now on this piece is not asked of this peer. The returned function undoes it. */
export function hidePiece(wire: LibraryWire, piece: number): () => void {
  const hidden = hiddenPieces.get(wire.peerPieces) ?? startHiding(wire);
  hidden.add(piece);
  return () => void hidden.delete(piece);
}

function startHiding(wire: LibraryWire): Set<number> {
  const known = wire.peerPieces;
  const hidden = new Set<number>();
  wire.peerPieces = {
    get buffer() {
      return known.buffer;
    },
    get: (index) => !hidden.has(index) && known.get(index),
    set: (index, value) => known.set(index, value),
    setAll: known.setAll,
  };
  hiddenPieces.set(wire.peerPieces, hidden);
  return hidden;
}

/** The piece that a warning of the library says has failed verification. */
export function failedPiece(warning: Error): number | undefined {
  const [, piece] = /^Piece (\d+) failed verification$/.exec(warning.message) ?? [];
  return piece === undefined ? undefined : Number(piece);
}

/** The info dictionary as a .torrent file with nothing else in it. */
function torrentFile(infoBytes: Bytes): Bytes {
  const text = new TextEncoder();
  return concatBytes(text.encode('d4:info'), infoBytes, text.encode('e'));
}

/** The info dictionary that the library knows, whether we gave it or a peer. To be verified like any other. */
export function infoBytesOf(torrent: LibraryTorrent): Bytes | undefined {
  return torrent.infoBuffer?.slice();
}
