import type { Clock } from '@/src/base/clock';
import type { PeerSnapshot } from '@/src/protocol/engine-api';
import { DEFAULT_FLOW_LIMITS, startFlow, steerFlow, type FlowState } from '@/src/scheduler/flow-control';
import type { LinkPath } from '@/src/transport/peer-link';
import type { WireChannel } from '@/src/transport/wire-channel';
import { Traffic } from '../traffic';
import { announcedRequests, limitRequests, type LibraryWire } from './library';

const BLOCK_BYTES = 16 * 1024;
/** Others ask the same peer for a second's worth each, and delay us: with less than this next to nothing would come. */
const FEWEST_REQUESTS = 8;
/** While requests wait behind what we send ourselves, nothing is learnt from how long they take. */
const UNSTEERED_REQUESTS = 32;

/**
 * One peer behind the library. What waits at it is steered as in our own protocol: the library asks for a second's worth, which overflows the
 * queue of a home's line and makes a seek wait for as long.
 */
export class WirePeer {
  readonly wire: LibraryWire;
  readonly channel: WireChannel;
  readonly traffic = new Traffic();
  path: LinkPath = { kind: 'unknown', rttMs: undefined };
  /** Failed pieces it had a part in. */
  strikes = 0;
  #announced: number | undefined;
  #flow: FlowState;
  #isSteered = true;

  constructor(wire: LibraryWire, channel: WireChannel, clock: Clock) {
    this.wire = wire;
    this.channel = channel;
    this.#flow = startFlow(DEFAULT_FLOW_LIMITS, clock.now());
    channel.guard.whenBlock((latencyMs, lengthBytes) => this.#onBlock(latencyMs, lengthBytes, clock.now()));
    this.#limit();
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
    this.#limit();
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

  #onBlock(latencyMs: number, lengthBytes: number, nowMs: number): void {
    this.#isSteered = !Number.isNaN(latencyMs);
    if (!this.#isSteered) return this.#limit();
    // The library still counts this one.
    const owedBytes = Math.max(0, this.wire.requests.length - 1) * BLOCK_BYTES;
    const arrival = { latencyMs, nowMs, lengthBytes, owedBytes, rttMs: this.path.rttMs, connections: 1 };
    this.#flow = steerFlow(this.#flow, arrival, DEFAULT_FLOW_LIMITS);
    this.#limit();
  }

  #limit(): void {
    const fewest = this.#isSteered ? FEWEST_REQUESTS : UNSTEERED_REQUESTS;
    limitRequests(this.wire, Math.max(fewest, Math.floor(this.#flow.windowBytes / BLOCK_BYTES)), this.#announced);
  }

  #count(pieceCount: number): number {
    let count = 0;
    for (let piece = 0; piece < pieceCount; piece++) if (this.has(piece)) count++;
    return count;
  }
}
