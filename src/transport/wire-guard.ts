import type { Bytes } from '@/src/base/bytes';
import type { Clock } from '@/src/base/clock';
import type { InfoHash, PeerId } from '@/src/protocol/ids';
import { InboundWire } from './inbound-wire';
import { OutboundWire } from './outbound-wire';
import { WireFraming, WireOffence } from './wire-framing';
import { DEFAULT_WIRE_LIMITS, type WireLimits } from './wire-limits';
import { WireState, type TorrentShape } from './wire-state';

export interface WireGuardOptions {
  readonly infoHash: InfoHash;
  /** Whom the tracker introduced. */
  readonly remotePeerId: PeerId;
  readonly limits?: Partial<WireLimits>;
  readonly clock: Clock;
  /** A handshake came that is of this torrent and of this peer. */
  onHandshake?(): void;
  /** To the library, by reference. */
  forward(chunk: Bytes): void;
  /** To the peer, between two messages of the library. */
  reply(message: Bytes): void;
  /** Called once; nothing is forwarded any more. */
  onOffence(reason: string): void;
}

/**
 * Stands between a peer and the library, which takes messages of any length, blocks nobody asked for and requests without end. Sees both
 * directions: what may come depends on what was asked for.
 */
export class WireGuard {
  readonly #options: WireGuardOptions;
  readonly #state: WireState;
  readonly #inbound: WireFraming;
  readonly #outbound: WireFraming;
  #isOver = false;

  constructor(options: WireGuardOptions) {
    const limits = { ...DEFAULT_WIRE_LIMITS, ...options.limits };
    this.#options = options;
    this.#state = new WireState(limits, options.clock);
    this.#inbound = new WireFraming(new InboundWire(this.#state, limits, options), (chunk) => options.forward(chunk));
    // The library's own messages are sent as they are, whatever the guard makes of them.
    this.#outbound = new WireFraming(new OutboundWire(this.#state, limits), () => undefined);
  }

  /** The most that this peer owed at any time. */
  get mostRequestedBytes(): number {
    return this.#state.mostRequestedBytes;
  }

  /**
   * Calls for each block that comes, as soon as it does, with the ms since the library asked for it; NaN when its request waited behind
   * what was sent.
   */
  whenBlock(call: (latencyMs: number, lengthBytes: number) => void): void {
    this.#state.onBlock = call;
  }

  /** Once the metadata is there, indexes and offsets are checked against it. */
  setTorrent(shape: TorrentShape): void {
    this.#state.shape = shape;
  }

  /** From the peer. */
  receive(chunk: Bytes): void {
    if (this.#isOver) return;
    try {
      this.#inbound.push(chunk);
      this.flushReplies();
    } catch (error) {
      this.#isOver = true;
      if (!(error instanceof WireOffence)) throw error;
      this.#options.onOffence(error.message);
    }
  }

  /**
   * From the library, about to be sent.
   * @param isBehind it waits behind blocks that are sent: how long its answer takes says nothing of the peer
   */
  sending(chunk: Bytes, isBehind = false): void {
    if (this.#isOver) return;
    this.#state.isBehind = isBehind;
    this.#outbound.push(chunk);
  }

  /** Whether what the library sent so far ends where a message ends. */
  get isBetweenSent(): boolean {
    return this.#outbound.isBetweenMessages;
  }

  /** Call after what the library sent has left. */
  flushReplies(): void {
    if (!this.isBetweenSent) return;
    for (const reply of this.#state.replies.splice(0)) this.#options.reply(reply);
  }
}
