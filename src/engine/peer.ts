import { Bitfield } from '@/src/base/bitfield';
import type { Bytes } from '@/src/base/bytes';
import type { HashesMessage, HashRequestMessage } from '@/src/protocol/hash-messages';
import type { PeerId } from '@/src/protocol/ids';
import {
  BITFIELD_PART_BYTES,
  decodeBulk,
  decodeControl,
  isValidRange,
  MAX_METADATA_BYTES,
  MAX_TOLD_PIECES,
  PROTOCOL_VERSION,
  type BlockMessage,
  type BlockRange,
  type ControlMessage,
  type LaneMessage,
} from '@/src/protocol/peer-messages';
import { pieceSizeBytes, type TorrentInfo } from '@/src/protocol/torrent-info';
import { DEFAULT_FLOW_LIMITS, shareFlow } from '@/src/scheduler/flow-control';
import type { LinkPath, PeerLink } from '@/src/transport/peer-link';
import { IdleFrames } from './idle-frames';
import { Lane } from './lane';
import type { PushInbox } from './push-inbox';
import { Traffic } from './traffic';

export interface PeerHandlers {
  /** The other side said hello, or now knows the metadata: `knowsMetadata` and `metadataBytes` are set. */
  onReady(peer: Peer): void;
  /** `has` is known from now on. */
  onPossession(peer: Peer): void;
  onHave(peer: Peer, piece: number): void;
  onDontHave(peer: Peer, piece: number): void;
  onMetadata(peer: Peer, message: MetadataMessage): void;
  onHashes(peer: Peer, message: HashRequestMessage | HashesMessage): void;
  /** It says what it sends unasked, as it was allowed to (SPEC N2). */
  onPush(peer: Peer): void;
  onRequest(peer: Peer, range: BlockRange, lane: Lane): void;
  onCancel(peer: Peer, range: BlockRange, lane: Lane): void;
  onReject(peer: Peer, range: BlockRange, lane: Lane): void;
  onBlock(peer: Peer, block: BlockMessage, lane: Lane): void;
  /** `isChoking` is another one now (SPEC section C). */
  onChoking(peer: Peer): void;
  onDrain(peer: Peer, lane: Lane): void;
  onLaneMessage(peer: Peer, message: LaneMessage): void;
  /** One more connection of its link may carry requests and blocks. */
  onLaneOpen(peer: Peer, lane: Lane): void;
  /** One beside the first is gone, and with it what it owed (SPEC L9). */
  onLaneLost(peer: Peer, lane: Lane): void;
  /** A frame came, of whatever kind. */
  onHeard?(peer: Peer): void;
  /** It said what changes nothing (SPEC L8). */
  onIdle?(peer: Peer): void;
  /** `blamed`: it broke a rule and is not to come back. */
  onGone(peer: Peer, reason: string, blamed: boolean): void;
}

export type MetadataMessage =
  | { readonly type: 'metadata-request' | 'metadata-reject'; readonly part: number }
  | { readonly type: 'metadata-data'; readonly part: number; readonly payload: Bytes };

/** The protocol state of one linked peer: checks every frame against SPEC and passes on what is in order. */
export class Peer {
  readonly id: PeerId;
  /** The first connection: all but requests and blocks goes over it. */
  readonly first: Lane;
  readonly traffic = new Traffic();
  readonly idleFrames: IdleFrames;
  path: LinkPath = { kind: 'unknown', rttMs: undefined };
  /** Failed pieces it had a part in. */
  strikes = 0;
  /** Requests that it rejected, or left unanswered for too long. */
  failures = 0;
  /** Times it sent nothing for too long while owing blocks. */
  stalls = 0;
  /** A block came from it or went to it. */
  lastBulkAtMs: number;
  readonly linkedAtMs: number;
  /** When it said hello. */
  readyAtMs: number | undefined;
  metadataBytes = 0;
  metadataPartsServed = 0;
  /** Sent to it unasked, and not asked for since (SPEC N2). */
  readonly pushedParts = new Set<number>();
  /** What it may send unasked, or has. */
  inbox: PushInbox | undefined;
  has: Bitfield | undefined;
  /** Of those, what it rejected all the same, and is not asked for. */
  readonly rejected = new Set<number>();
  /** The path to it is lost, for now: it keeps what it owes, and is asked for no more. */
  isAway = false;
  /** A frame came from it. */
  lastHeardAtMs: number;
  /** It serves us no block for now (SPEC C1). */
  isChoking = false;
  readonly #handlers: PeerHandlers;
  readonly #lanes: Lane[];
  #info: TorrentInfo | undefined;
  #helloed = false;
  #haveAll = false;
  #bitfieldBytes: Bytes | undefined;
  #bitfieldAt = 0;
  #possessionSent = false;
  /** Let go of after all was told as had to a peer that cannot hear of single pieces yet (SPEC P2). */
  readonly #unsaidGone = new Set<number>();
  /** Verified since, and not told yet: it has them itself. */
  readonly #unsaidHad = new Set<number>();
  #gone = false;

  constructor(id: PeerId, link: PeerLink, handlers: PeerHandlers, nowMs: number) {
    this.id = id;
    this.first = new Lane(link, nowMs);
    this.#lanes = [this.first];
    this.#handlers = handlers;
    this.lastBulkAtMs = nowMs;
    this.lastHeardAtMs = nowMs;
    this.linkedAtMs = nowMs;
    this.idleFrames = new IdleFrames(nowMs);
  }

  get knowsMetadata(): boolean {
    return this.metadataBytes > 0;
  }

  /** It said hello. */
  get isReady(): boolean {
    return this.#helloed;
  }

  /** Its connections, the first one first. */
  get lanes(): readonly Lane[] {
    return this.#lanes;
  }

  /** Blocks can be asked of it now. */
  get canBeAsked(): boolean {
    return !this.isChoking && !this.isAway;
  }

  /** Nothing it was asked for is on its way. */
  get owesNothing(): boolean {
    return this.#lanes.every(({ owed }) => owed.isEmpty);
  }

  get isGone(): boolean {
    return this.#gone;
  }

  /** @param afterHello says what must come right after it: an answer to what the peer has said already would get between (SPEC N2) */
  start(ownId: PeerId, info: TorrentInfo | undefined, afterHello?: () => void): void {
    this.#info = info;
    this.send({ type: 'hello', version: PROTOCOL_VERSION, peerId: ownId, metadataBytes: info?.infoBytes.length ?? 0 });
    afterHello?.();
    this.first.link.receive({
      onFrame: (channel, frame) => {
        if (this.#gone) return;
        this.#handlers.onHeard?.(this);
        if (channel === 'control') this.#onControl(frame);
        else this.#onBulk(frame, this.first);
      },
      onDrain: () => this.#handlers.onDrain(this, this.first),
      onClose: (reason) => this.#leave(reason, false),
    });
  }

  /**
   * One more connection (SPEC L5), taken over and closed with the link.
   *
   * @param onClose it is closed, for whatever reason
   */
  addLane(link: PeerLink, nowMs: number, onClose: () => void): void {
    const [first, added] = shareFlow(this.first.flow, DEFAULT_FLOW_LIMITS, nowMs);
    this.first.flow = first;
    const lane = new Lane(link, nowMs, added);
    if (!this.#gone) this.#lanes.push(lane);
    link.receive({
      onFrame: (channel, frame) => {
        if (this.#gone) return;
        this.#handlers.onHeard?.(this);
        if (channel === 'control') this.#onLaneControl(frame, lane);
        else this.#onBulk(frame, lane);
      },
      onDrain: () => this.#handlers.onDrain(this, lane),
      onClose: () => {
        onClose();
        this.#loseLane(lane);
      },
    });
    if (this.#gone) link.close('the link is over');
    else this.#handlers.onLaneOpen(this, lane);
  }

  send(message: ControlMessage): void {
    this.first.send(message);
  }

  /** The metadata is known now: the peer is told (SPEC M3), and a possession that came early is read. */
  learnTorrent(info: TorrentInfo): void {
    this.#info = info;
    this.send({ type: 'metadata-size', metadataBytes: info.infoBytes.length });
    if (this.#haveAll) this.#possess(Bitfield.full(info.pieceCount));
  }

  /** Tells what we have, once, as soon as SPEC P2 allows. */
  tellPossession(verified: Bitfield): void {
    if (this.#possessionSent || !this.#helloed || (!this.knowsMetadata && !verified.isFull)) return;
    this.#possessionSent = true;
    if (verified.isFull) return this.send({ type: 'have-all' });
    if (verified.count === 0) return this.send({ type: 'have-none' });
    for (let firstByte = 0; firstByte < verified.bytes.length; firstByte += BITFIELD_PART_BYTES) {
      this.send({ type: 'bitfield-part', firstByte, payload: verified.bytes.subarray(firstByte, firstByte + BITFIELD_PART_BYTES) });
    }
  }

  tellHave(piece: number): void {
    if (!this.#possessionSent) return;
    if (!this.knowsMetadata) this.#unsaidGone.delete(piece);
    // It counts for what it may ask for later, not for what comes next: a message for each would cost both sides more than it tells.
    else if (this.has?.has(piece) === true) this.#unsaidHad.add(piece);
    else this.send({ type: 'have', pieces: [piece] });
  }

  /** SPEC P3: the pieces that it is told of together with others. */
  tellPutOff(): void {
    const pieces = [...this.#unsaidHad];
    this.#unsaidHad.clear();
    for (let at = 0; at < pieces.length; at += MAX_TOLD_PIECES) this.send({ type: 'have', pieces: pieces.slice(at, at + MAX_TOLD_PIECES) });
  }

  /** SPEC P4: pieces were let go of. */
  tellDontHave(pieces: readonly number[]): void {
    if (!this.#possessionSent) return;
    for (const piece of pieces) {
      if (!this.knowsMetadata) this.#unsaidGone.add(piece);
      else if (!this.#unsaidHad.delete(piece)) this.send({ type: 'dont-have', piece });
    }
  }

  /** What it just said changed nothing. */
  idle(): void {
    this.#handlers.onIdle?.(this);
  }

  /** The peer broke a rule. */
  drop(reason: string): void {
    this.#leave(reason, true);
  }

  close(reason: string): void {
    this.#leave(reason, false);
  }

  #leave(reason: string, blamed: boolean): void {
    if (this.#gone) return;
    this.#gone = true;
    for (const { link } of this.#lanes) link.close(reason);
    this.#handlers.onGone(this, reason, blamed);
  }

  #loseLane(lane: Lane): void {
    const index = this.#lanes.indexOf(lane);
    if (this.#gone || index < 0) return;
    this.#lanes.splice(index, 1);
    this.#handlers.onLaneLost(this, lane);
  }

  #onLaneControl(frame: Bytes, lane: Lane): void {
    const message = decodeControl(frame);
    if (message === undefined) return this.drop('L2: malformed control frame');
    if (message.type === 'request') this.#onRequest(message.ranges, lane);
    else if (message.type === 'cancel' || message.type === 'reject') this.#onRange(message.type, message, lane);
    else this.drop('L5: not of blocks on a lane');
  }

  #onBulk(frame: Bytes, lane: Lane): void {
    const block = decodeBulk(frame);
    if (block === undefined) return this.drop('L2: malformed bulk frame');
    // The peer sends blocks only when asked, and is asked only after its hello: it cannot have been overtaken.
    // Unless it may send some unasked.
    if (!this.#helloed && this.inbox === undefined) return this.drop('L3: not a hello first');
    this.#handlers.onBlock(this, block, lane);
  }

  #onControl(frame: Bytes): void {
    const message = decodeControl(frame);
    if (message === undefined) return this.drop('L2: malformed control frame');
    if (!this.#helloed && message.type !== 'hello') return this.drop('L3: not a hello first');
    if (message.type !== 'hello' && message.type !== 'push' && this.#endsGrant()) return;
    switch (message.type) {
      case 'hello':
        return this.#onHello(message.version, message.peerId, message.metadataBytes);
      case 'metadata-size':
        return this.#onMetadataSize(message.metadataBytes);
      case 'metadata-request':
      case 'metadata-reject':
      case 'metadata-data':
        return this.#handlers.onMetadata(this, message);
      case 'hash-request':
      case 'hash-reject':
      case 'hashes':
        if (this.#info === undefined) return this.drop('H1: hashes before the metadata');
        return this.#handlers.onHashes(this, message);
      case 'have-all':
      case 'have-none':
        return this.#onHaveAllOrNone(message.type === 'have-all');
      case 'choke':
      case 'unchoke':
        return this.#onChoking(message.type === 'choke');
      case 'bitfield-part':
        return this.#onBitfieldPart(message.firstByte, message.payload);
      case 'have':
        return this.#onHave(message.pieces);
      case 'dont-have':
        return this.#onDontHave(message.piece);
      case 'push':
        return this.#onPush(message.piece, message.lengthBytes);
      case 'request':
        return this.#onRequest(message.ranges, this.first);
      case 'cancel':
      case 'reject':
        return this.#onRange(message.type, message, this.first);
      case 'lane-offer':
      case 'lane-answer':
      case 'lane-candidates':
      case 'lane-close':
        return this.#handlers.onLaneMessage(this, message);
    }
  }

  #onHello(version: number, id: PeerId, metadataBytes: number): void {
    if (this.#helloed) return this.drop('L3: a second hello');
    if (version !== PROTOCOL_VERSION) return this.close('L4: another protocol version');
    if (id !== this.id) return this.drop('L4: not the peer that was signaled');
    if (metadataBytes > MAX_METADATA_BYTES) return this.drop('M1: metadata too large');
    this.#helloed = true;
    this.metadataBytes = metadataBytes;
    this.#handlers.onReady(this);
  }

  #onPush(piece: number, lengthBytes: number): void {
    if (this.inbox?.announce({ piece, lengthBytes }) !== true) return this.drop('N1: a push nobody allowed');
    this.#handlers.onPush(this);
  }

  /** SPEC N2: who says something else first does not push. Returns whether that was its end. */
  #endsGrant(): boolean {
    if (this.inbox === undefined || this.inbox.run !== undefined) return false;
    const isHonest = this.inbox.isEmpty;
    this.inbox = undefined;
    if (!isHonest) this.drop('N2: blocks without a push');
    return !isHonest;
  }

  #onMetadataSize(metadataBytes: number): void {
    if (this.knowsMetadata || metadataBytes === 0) return this.drop('M3: metadata size');
    if (metadataBytes > MAX_METADATA_BYTES) return this.drop('M1: metadata too large');
    this.metadataBytes = metadataBytes;
    for (const piece of this.#unsaidGone) this.send({ type: 'dont-have', piece });
    this.#unsaidGone.clear();
    this.#handlers.onReady(this);
  }

  #onHaveAllOrNone(all: boolean): void {
    if (this.has !== undefined || this.#haveAll || this.#bitfieldBytes !== undefined) return this.drop('P1: possession told twice');
    if (this.#info !== undefined) return this.#possess(all ? Bitfield.full(this.#info.pieceCount) : new Bitfield(this.#info.pieceCount));
    if (!all) return this.drop('P2: possession before the metadata');
    this.#haveAll = true;
  }

  #onBitfieldPart(firstByte: number, payload: Bytes): void {
    if (this.has !== undefined || this.#haveAll) return this.drop('P1: possession told twice');
    if (this.#info === undefined) return this.drop('P2: possession before the metadata');
    const lengthBytes = Math.ceil(this.#info.pieceCount / 8);
    const expected = Math.min(BITFIELD_PART_BYTES, lengthBytes - this.#bitfieldAt);
    if (firstByte !== this.#bitfieldAt || payload.length !== expected) return this.drop('P1: bitfield part of the wrong size');
    this.#bitfieldBytes ??= new Uint8Array(lengthBytes);
    this.#bitfieldBytes.set(payload, firstByte);
    this.#bitfieldAt += payload.length;
    if (this.#bitfieldAt < lengthBytes) return;
    const has = Bitfield.from(this.#bitfieldBytes, this.#info.pieceCount);
    if (has === undefined) return this.drop('P1: spare bits set');
    this.#possess(has);
  }

  #possess(has: Bitfield): void {
    this.has = has;
    this.#handlers.onPossession(this);
  }

  #onHave(pieces: readonly number[]): void {
    if (this.#info === undefined) return this.drop('P2: possession before the metadata');
    for (const piece of pieces) {
      if (this.has === undefined || piece >= this.has.length) return this.drop('P3: have out of turn or range');
      if (this.has.add(piece)) this.#handlers.onHave(this, piece);
      else this.idle();
      if (this.#gone) return;
    }
  }

  #onDontHave(piece: number): void {
    if (this.#info === undefined) return this.drop('P2: possession before the metadata');
    if (this.has === undefined || piece >= this.has.length) return this.drop('P4: dont-have out of turn or range');
    if (this.has.delete(piece)) this.#handlers.onDontHave(this, piece);
    else this.idle();
  }

  #onChoking(isChoking: boolean): void {
    // SPEC C4: choking and unchoking without end would be work without end.
    if (isChoking || !this.isChoking) this.idle();
    if (this.#gone || isChoking === this.isChoking) return;
    this.isChoking = isChoking;
    this.#handlers.onChoking(this);
  }

  #onRequest(ranges: readonly BlockRange[], lane: Lane): void {
    for (const range of ranges) {
      if (!this.#isBlock(range)) return;
      this.#handlers.onRequest(this, range, lane);
      if (this.#gone) return;
    }
  }

  #onRange(type: 'cancel' | 'reject', { piece, offsetBytes, lengthBytes }: BlockRange, lane: Lane): void {
    const range = { piece, offsetBytes, lengthBytes };
    if (!this.#isBlock(range)) return;
    if (type === 'cancel') this.#handlers.onCancel(this, range, lane);
    else this.#handlers.onReject(this, range, lane);
  }

  /** Whoever names another is dropped. */
  #isBlock(range: BlockRange): boolean {
    const info = this.#info;
    if (info === undefined || range.piece >= info.pieceCount) this.drop('B1: no such piece');
    else if (!isValidRange(range, pieceSizeBytes(info, range.piece))) this.drop('B1: no such block');
    else return true;
    return false;
  }
}
