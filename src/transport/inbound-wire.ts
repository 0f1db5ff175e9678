import { toHex, type Bytes } from '@/src/base/bytes';
import type { InfoHash, PeerId } from '@/src/protocol/ids';
import { readExtendedHandshake } from './extended-handshake';
import { uint32, WireOffence, type WireJudge } from './wire-framing';
import type { WireLimits } from './wire-limits';
import { EXACT_LENGTHS, EXTENDED_HEAD_BYTES, PIECE_HEAD_BYTES, readBlock, rejectMessage, WIRE, type Block } from './wire-messages';
import { readFeatures, type WireState } from './wire-state';

const PROTOCOL_NAME = '\u0013BitTorrent protocol';
const INFO_HASH_AT = 28;
const PEER_ID_AT = 48;
/** It is sent again when a peer learns the metadata, or a new extension. */
const MAX_EXTENDED_HANDSHAKES = 20;

export interface HandshakeFacts {
  readonly infoHash: InfoHash;
  readonly remotePeerId: PeerId;
  onHandshake?(): void;
}

/** Decides what of a peer's messages reaches the library. */
export class InboundWire implements WireJudge {
  readonly #state: WireState;
  readonly #limits: WireLimits;
  readonly #expected: HandshakeFacts;
  #hasPossession = false;
  #extendedHandshakes = 0;
  #refusedInARow = 0;

  constructor(state: WireState, limits: WireLimits, expected: HandshakeFacts) {
    this.#state = state;
    this.#limits = limits;
    this.#expected = expected;
  }

  handshake(handshake: Bytes): void {
    if (String.fromCharCode(...handshake.subarray(0, PROTOCOL_NAME.length)) !== PROTOCOL_NAME) throw new WireOffence('not BitTorrent');
    if (toHex(handshake.subarray(INFO_HASH_AT, PEER_ID_AT)) !== this.#expected.infoHash) throw new WireOffence('another torrent');
    // Else what it does would be held against somebody else.
    if (toHex(handshake.subarray(PEER_ID_AT)) !== this.#expected.remotePeerId) throw new WireOffence('another peer than was introduced');
    this.#state.theirs = readFeatures(handshake);
    this.#expected.onHandshake?.();
  }

  headBytes(type: number, lengthBytes: number): number {
    if (lengthBytes > this.#limits.messageBytes) throw new WireOffence('a message longer than any may be');
    const exactBytes = EXACT_LENGTHS.get(type);
    if (exactBytes !== undefined) {
      if (lengthBytes !== exactBytes) throw new WireOffence('a message of another length than its type has');
      return lengthBytes;
    }
    if (type === WIRE.piece) return this.#pieceHeadBytes(lengthBytes);
    if (type === WIRE.extended) return this.#extendedHeadBytes(lengthBytes);
    return 1;
  }

  message(head: Bytes, lengthBytes: number): 'forward' | 'skip' {
    const type = head[0];
    switch (type) {
      case WIRE.choke:
      case WIRE.unchoke:
        return this.#switch('theyChoke', type === WIRE.choke);
      case WIRE.interested:
      case WIRE.notInterested:
        return this.#switch('theyAreInterested', type === WIRE.interested);
      case WIRE.have:
        return this.#index(uint32(head, 1));
      case WIRE.bitfield:
        return this.#possession(lengthBytes - 1);
      case WIRE.request:
        return this.#request(readBlock(head));
      case WIRE.piece:
        return this.#block({ piece: uint32(head, 1), offset: uint32(head, 5), lengthBytes: lengthBytes - PIECE_HEAD_BYTES });
      case WIRE.cancel: {
        const { piece, offset, lengthBytes } = readBlock(head);
        // Cancelling what was never forwarded, or is sent already, changes nothing.
        return this.#state.queued.take(piece, offset, lengthBytes) === undefined ? 'skip' : 'forward';
      }
      case WIRE.haveAll:
      case WIRE.haveNone:
        this.#needFast();
        return this.#possession(undefined);
      case WIRE.suggest:
      case WIRE.allowedFast:
        this.#needFast();
        return this.#index(uint32(head, 1));
      case WIRE.reject: {
        this.#needFast();
        const { piece, offset, lengthBytes } = readBlock(head);
        return this.#state.settle(piece, offset, lengthBytes) === undefined ? 'skip' : 'forward';
      }
      case WIRE.extended:
        return this.#extended(head);
      default:
        // Newer messages (BEP 52), and the DHT's port: the library has no use for them and would hold them whole.
        return 'skip';
    }
  }

  /** What is said once more changes nothing, and would have the library look for work each time. */
  #switch(state: 'theyChoke' | 'theyAreInterested', value: boolean): 'forward' | 'skip' {
    if (this.#state[state] === value) return 'skip';
    this.#state[state] = value;
    if (this.#state.switchesTooOften()) throw new WireOffence('it chokes and unchokes, or wants and does not, without end');
    return 'forward';
  }

  #pieceHeadBytes(lengthBytes: number): number {
    if (lengthBytes <= PIECE_HEAD_BYTES || lengthBytes > PIECE_HEAD_BYTES + this.#limits.blockBytes) {
      throw new WireOffence('a block of a length nobody asks for');
    }
    return PIECE_HEAD_BYTES;
  }

  #extendedHeadBytes(lengthBytes: number): number {
    if (lengthBytes < EXTENDED_HEAD_BYTES || lengthBytes > EXTENDED_HEAD_BYTES + this.#limits.extendedBytes) {
      throw new WireOffence('a message of an extension that is too short or too long');
    }
    return lengthBytes;
  }

  #index(piece: number): 'forward' {
    if (piece >= (this.#state.shape?.pieceCount ?? this.#limits.pieces)) throw new WireOffence('a piece the torrent does not have');
    return 'forward';
  }

  /** @param bitfieldBytes undefined for all or none */
  #possession(bitfieldBytes: number | undefined): 'forward' {
    if (this.#hasPossession) throw new WireOffence('a second bitfield');
    this.#hasPossession = true;
    const { shape } = this.#state;
    if (bitfieldBytes === undefined) return 'forward';
    const isRight = shape === undefined ? bitfieldBytes * 8 < this.#limits.pieces + 8 : bitfieldBytes === Math.ceil(shape.pieceCount / 8);
    if (!isRight) throw new WireOffence('a bitfield of another length than the torrent has');
    return 'forward';
  }

  #needFast(): void {
    if (!this.#state.hasFast) throw new WireOffence('a message of an extension that is not in force');
  }

  #request(block: Block): 'forward' | 'skip' {
    const { piece, offset, lengthBytes } = block;
    const state = this.#state;
    this.#index(piece);
    if (lengthBytes === 0 || lengthBytes > this.#limits.blockBytes || !fits(block, state)) {
      throw new WireOffence('a request for a block that does not exist');
    }
    // The library does not answer: the peer cannot have heard yet, and will ask again.
    if (state.isChoking && !state.hasFast) return 'forward';
    if (state.queued.size < this.#limits.requestQueue) {
      this.#refusedInARow = 0;
      state.queued.add(piece, offset, lengthBytes, 0);
      return 'forward';
    }
    if (++this.#refusedInARow > this.#limits.refusedRequests) throw new WireOffence('endless requests');
    if (state.hasFast) state.replies.push(rejectMessage(block));
    return 'skip';
  }

  #block({ piece, offset, lengthBytes }: Block): 'forward' {
    const latencyMs = this.#state.settle(piece, offset, lengthBytes);
    if (latencyMs === undefined) throw new WireOffence('a block nobody asked for');
    this.#state.onBlock(latencyMs, lengthBytes);
    return 'forward';
  }

  #extended(message: Bytes): 'forward' | 'skip' {
    const state = this.#state;
    const id = message[1] ?? 0;
    const payload = message.subarray(EXTENDED_HEAD_BYTES);
    if (!state.ours.extended || !state.theirs.extended) throw new WireOffence('a message of an extension that is not in force');
    if (id === 0) return this.#extendedHandshake(payload);
    if (id === state.ourExtensionIds.get('ut_metadata')) return state.metadata.received(payload);
    return [...state.ourExtensionIds.values()].includes(id) ? 'forward' : 'skip';
  }

  #extendedHandshake(payload: Bytes): 'forward' {
    const handshake = readExtendedHandshake(payload, this.#limits.extendedBytes);
    if (handshake === undefined || ++this.#extendedHandshakes > MAX_EXTENDED_HANDSHAKES) {
      throw new WireOffence('a malformed handshake of extensions');
    }
    this.#state.metadata.announced(handshake.metadataBytes);
    this.#state.theirMetadataId = handshake.idsByName.get('ut_metadata') ?? this.#state.theirMetadataId;
    return 'forward';
  }
}

function fits({ piece, offset, lengthBytes }: Block, { shape }: WireState): boolean {
  if (shape === undefined) return true;
  const start = piece * shape.pieceLengthBytes;
  return offset + lengthBytes <= Math.min(shape.pieceLengthBytes, shape.totalBytes - start);
}
