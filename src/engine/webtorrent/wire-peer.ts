import type { PeerSnapshot } from '@/src/protocol/engine-api';
import type { LinkPath } from '@/src/transport/peer-link';
import type { WireChannel } from '@/src/transport/wire-channel';
import { Traffic } from '../traffic';
import { announcedRequests, limitRequests, type LibraryWire } from './library';

const BLOCK_BYTES = 16 * 1024;
/** What may wait at a peer, in time at its present rate: a seek waits no longer. Below 0.4 s the rate could not grow at a usual round trip. */
const QUEUE_SECONDS = 0.4;
const FEWEST_REQUESTS = 32;

/** One peer behind the library. */
export class WirePeer {
  readonly wire: LibraryWire;
  readonly channel: WireChannel;
  readonly traffic = new Traffic();
  path: LinkPath = { kind: 'unknown', rttMs: undefined };
  /** Failed pieces it had a part in. */
  strikes = 0;
  #announced: number | undefined;

  constructor(wire: LibraryWire, channel: WireChannel) {
    this.wire = wire;
    this.channel = channel;
    this.steer();
  }

  /** Whether it sends what it is asked for. */
  get isOpen(): boolean {
    return !this.wire.destroyed && !this.wire.peerChoking;
  }

  has(piece: number): boolean {
    return this.wire.peerPieces.get(piece);
  }

  /** Its extended handshake came. */
  greet(handshake: { readonly reqq?: unknown }): void {
    this.#announced = announcedRequests(handshake);
    this.steer();
  }

  steer(): void {
    const requests = Math.ceil((this.wire.downloadSpeed() * QUEUE_SECONDS) / BLOCK_BYTES);
    limitRequests(this.wire, Math.max(FEWEST_REQUESTS, requests), this.#announced);
  }

  isAsking(piece: number): boolean {
    return this.wire.requests.some((request) => request.piece === piece);
  }

  async refreshPath(): Promise<void> {
    this.path = await this.channel.path();
  }

  snapshot(pieceCount: number | undefined, nowMs: number): PeerSnapshot {
    return {
      id: this.channel.remotePeerId,
      source: 'webtorrent',
      state: 'connected',
      path: this.path.kind,
      rttMs: this.path.rttMs,
      availability: pieceCount === undefined ? 0 : this.#count(pieceCount) / pieceCount,
      rates: this.traffic.rates(nowMs),
      totals: this.traffic.totals(),
      strikes: this.strikes,
    };
  }

  #count(pieceCount: number): number {
    let count = 0;
    for (let piece = 0; piece < pieceCount; piece++) if (this.has(piece)) count++;
    return count;
  }
}
