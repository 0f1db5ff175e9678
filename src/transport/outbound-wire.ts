import type { Bytes } from '@/src/base/bytes';
import { readExtendedHandshake } from './extended-handshake';
import { uint32, type WireJudge } from './wire-framing';
import type { WireLimits } from './wire-limits';
import { EXTENDED_HEAD_BYTES, PIECE_HEAD_BYTES, readBlock, WIRE } from './wire-messages';
import { readFeatures, type WireState } from './wire-state';

/** Learns from what the library sends what the peer may answer. Refuses nothing. */
export class OutboundWire implements WireJudge {
  readonly #state: WireState;
  readonly #limits: WireLimits;

  constructor(state: WireState, limits: WireLimits) {
    this.#state = state;
    this.#limits = limits;
  }

  handshake(handshake: Bytes): void {
    this.#state.ours = readFeatures(handshake);
  }

  headBytes(type: number, lengthBytes: number): number {
    if (type === WIRE.request || type === WIRE.reject) return lengthBytes;
    if (type === WIRE.piece) return PIECE_HEAD_BYTES;
    if (type === WIRE.extended) return Math.min(lengthBytes, this.#limits.extendedBytes + EXTENDED_HEAD_BYTES);
    return 1;
  }

  message(head: Bytes, lengthBytes: number): 'forward' {
    const state = this.#state;
    switch (head[0]) {
      case WIRE.choke:
        state.isChoking = true;
        // Without BEP 6 the requests are forgotten in silence; with it each is rejected.
        if (!state.hasFast) state.queued.clear();
        break;
      case WIRE.unchoke:
        state.isChoking = false;
        break;
      case WIRE.request: {
        const { piece, offset, lengthBytes } = readBlock(head);
        state.request(piece, offset, lengthBytes);
        break;
      }
      case WIRE.piece:
        state.queued.take(uint32(head, 1), uint32(head, 5), lengthBytes - PIECE_HEAD_BYTES);
        break;
      case WIRE.reject: {
        const { piece, offset, lengthBytes } = readBlock(head);
        state.queued.take(piece, offset, lengthBytes);
        break;
      }
      case WIRE.extended:
        this.#extended(head);
        break;
      default:
      // Nothing else changes what the peer may answer.
    }
    return 'forward';
  }

  #extended(message: Bytes): void {
    const id = message[1];
    const payload = message.subarray(EXTENDED_HEAD_BYTES);
    if (id === 0) this.#state.ourExtensionIds = readExtendedHandshake(payload, this.#limits.extendedBytes)?.idsByName ?? new Map();
    else if (id === this.#state.theirMetadataId) this.#state.metadata.sending(payload);
  }
}
