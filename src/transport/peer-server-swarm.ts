import * as v from 'valibot';
import { toHex } from '@/src/base/bytes';
import type { Clock } from '@/src/base/clock';
import type { PeerId, RandomBytes, SwarmId } from '@/src/protocol/ids';
import {
  PEER_SERVER_SLOTS,
  PEER_SERVER_TYPES,
  peerServerFrameSchema,
  peerServerId,
  slotOf,
  slotPayloadSchema,
  type SlotPayload,
} from '@/src/protocol/peer-server-messages';
import {
  announceSchema,
  MAX_SIGNALING_MESSAGE_BYTES,
  type AnnounceAnswer,
  type AnnounceRequest,
  type Directed,
  type Relayed,
  type RelayKind,
} from '@/src/protocol/signaling-events';
import { ReconnectingSocket } from './reconnecting-socket';
import type { SignalingAddress } from './signaling-address';
import { SignalingCallError, type SignalingStatus } from './signaling-client';
import { notice, type Notice } from '@/src/protocol/notice';

const CONNECT_TIMEOUT_MS = 10_000;
const BACKOFF = { minMs: 1000, maxMs: 30_000 };
/** A PeerServer closes whom it has not heard of for a minute. */
const HEARTBEAT_MS = 5000;
/** Who is there answers a probe within a round trip or two. */
const PROBE_MS = 300;
const INTERVAL_SECONDS = 30;
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** Messages between two heartbeats; more is a flood. */
const MESSAGES_PER_HEARTBEAT = 1000;

export interface PeerServerSwarmOptions {
  readonly address: SignalingAddress;
  readonly swarmId: SwarmId;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: () => number;
  readonly randomBytes: RandomBytes;
  onStatus(status: SignalingStatus): void;
  onRelayed(kind: RelayKind, message: Relayed): void;
}

/** One slot of one swarm on a PeerServer. */
export class PeerServerSwarm {
  readonly #options: PeerServerSwarmOptions;
  readonly #socket: ReconnectingSocket;
  /** Proves to the server that a later connection is the same client. */
  readonly #token: string;
  readonly #slots = new Map<PeerId, number>();
  #slot = 0;
  /** On the way to the next slot: not a failure. */
  #isMoving = false;
  #ownId: PeerId | undefined;
  #status: SignalingStatus = { kind: 'connecting' };
  #ready = Promise.withResolvers<void>();
  #probe: { readonly nonce: string; readonly found: Map<PeerId, number> } | undefined;
  #messages = 0;
  #cancelHeartbeat: (() => void) | undefined;

  constructor(options: PeerServerSwarmOptions) {
    this.#options = options;
    const { address, signal, clock, random, randomBytes } = options;
    this.#token = toHex(randomBytes(8));
    this.#ready.promise.catch(() => undefined);
    this.#socket = new ReconnectingSocket({
      url: () => this.#url(),
      host: address.host,
      signal,
      clock,
      random,
      createSocket: (url) => new WebSocket(url),
      backoff: BACKOFF,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      maxMessageChars: MAX_SIGNALING_MESSAGE_BYTES,
      maxWaitingBytes: MAX_WAITING_BYTES,
      kind: 'signaling server',
      onConnecting: () => undefined,
      onOpen: () => this.#beat(),
      onMessage: (text) => this.#onMessage(text),
      onDown: (reason, wasOpen) => this.#onDown(reason, wasOpen),
    });
    signal.addEventListener('abort', () => this.#end(), { once: true });
  }

  get status(): SignalingStatus {
    return this.#status;
  }

  connect(): void {
    this.#socket.connect();
  }

  /** Asks the other slots who is there, and hands each an offer. @throws {SignalingCallError} */
  async announce(request: AnnounceRequest): Promise<AnnounceAnswer> {
    const { swarmId, clock, randomBytes } = this.#options;
    const { peerId, offers, skip } = v.parse(announceSchema, request);
    this.#ownId = peerId;
    await this.#ready.promise;
    const probe = { nonce: toHex(randomBytes(8)), found: new Map<PeerId, number>() };
    this.#probe = probe;
    for (let slot = 0; slot < PEER_SERVER_SLOTS; slot++)
      if (slot !== this.#slot) this.#send(slot, { kind: 'probe', peerId, nonce: probe.nonce });
    await new Promise<void>((resolve) => clock.after(PROBE_MS, resolve));
    const met = [...probe.found].filter(([found]) => found !== peerId && !skip.includes(found));
    const peers = met.map(([found, slot], index) => {
      const offer = offers[index];
      if (offer === undefined) return { peerId: found };
      this.#send(slot, { kind: 'offer', message: { from: peerId, swarmId, ...offer } });
      return { peerId: found, offerId: offer.offerId };
    });
    return { peers, intervalSeconds: INTERVAL_SECONDS };
  }

  /** @throws {SignalingCallError} */
  relay(kind: RelayKind, { to, ...message }: Directed): void {
    const slot = this.#slots.get(to);
    if (slot === undefined || this.#ownId === undefined) throw new SignalingCallError('unknown-peer', notice('peerUnknown'));
    if (!this.#send(slot, { kind, message: { ...message, from: this.#ownId } })) {
      throw new SignalingCallError('unreachable', notice('notConnected', { host: this.#options.address.host }));
    }
  }

  #url(): string {
    const { address, swarmId } = this.#options;
    const query = new URLSearchParams({ key: 'peerjs', id: peerServerId(swarmId, this.#slot), token: this.#token });
    return `${address.origin.replace(/^http/, 'ws')}${address.basePath}/peerjs?${query.toString()}`;
  }

  #send(slot: number, payload: SlotPayload): boolean {
    const dst = peerServerId(this.#options.swarmId, slot);
    return this.#socket.send(JSON.stringify({ type: PEER_SERVER_TYPES[payload.kind], dst, payload }));
  }

  #beat(): void {
    this.#messages = 0;
    this.#cancelHeartbeat?.();
    this.#cancelHeartbeat = this.#options.clock.after(HEARTBEAT_MS, () => this.#beat());
    this.#socket.send('{"type":"HEARTBEAT"}');
  }

  #onMessage(text: string): void {
    if (++this.#messages > MESSAGES_PER_HEARTBEAT)
      return this.#socket.drop(notice('strangeSignalingMessage', { host: this.#options.address.host }));
    const frame = v.safeParse(v.pipe(v.string(), v.parseJson(), peerServerFrameSchema), text);
    if (!frame.success) return;
    const { type, src, payload } = frame.output;
    if (type === 'OPEN') return this.#onReady();
    if (type === 'ID-TAKEN') return this.#takeNextSlot();
    const slot = slotOf(this.#options.swarmId, src ?? '');
    const parsed = v.safeParse(slotPayloadSchema, payload);
    if (slot !== undefined && parsed.success) this.#onPayload(slot, parsed.output);
  }

  #onPayload(slot: number, payload: SlotPayload): void {
    switch (payload.kind) {
      case 'probe':
        this.#learn(payload.peerId, slot);
        if (this.#ownId !== undefined) this.#send(slot, { kind: 'here', peerId: this.#ownId, nonce: payload.nonce });
        return;
      case 'here':
        this.#learn(payload.peerId, slot);
        // A peer in two slots, or one that answers twice, is one peer.
        if (payload.nonce === this.#probe?.nonce) this.#probe.found.set(payload.peerId, slot);
        return;
      case 'offer':
      case 'answer':
      case 'ice-candidate':
        if (payload.message.swarmId !== this.#options.swarmId) return;
        this.#learn(payload.message.from, slot);
        this.#options.onRelayed(payload.kind, payload.message);
    }
  }

  /** A slot holds one peer: whoever was there before is gone. */
  #learn(peer: PeerId, slot: number): void {
    for (const [other, at] of this.#slots) if (at === slot) this.#slots.delete(other);
    this.#slots.set(peer, slot);
  }

  #onReady(): void {
    this.#socket.confirmUse();
    this.#ready.resolve();
    this.#setStatus({ kind: 'connected' });
  }

  #takeNextSlot(): void {
    this.#slot = (this.#slot + 1) % PEER_SERVER_SLOTS;
    if (this.#slot === 0)
      return this.#socket.drop(notice('peerServerFull', { count: PEER_SERVER_SLOTS, host: this.#options.address.host }));
    this.#isMoving = true;
    this.#socket.drop(notice('peerServerFull', { count: 1, host: this.#options.address.host }));
    this.#isMoving = false;
    this.#socket.connect();
  }

  #onDown(reason: Notice, wasOpen: boolean): void {
    const { host } = this.#options.address;
    this.#cancelHeartbeat?.();
    if (this.#isMoving) return;
    const lost = this.#status.kind === 'connected' ? notice('connectionLost', { host }) : notice('noPeerServer', { host });
    const said = wasOpen && this.#status.kind !== 'connected' ? reason : lost;
    this.#ready.reject(new SignalingCallError('unreachable', said));
    this.#ready = Promise.withResolvers<void>();
    this.#ready.promise.catch(() => undefined);
    this.#slots.clear();
    this.#setStatus({ kind: 'unreachable', reason: said });
  }

  #end(): void {
    this.#cancelHeartbeat?.();
    this.#status = { kind: 'idle' };
    this.#ready.reject(new SignalingCallError('unreachable', notice('notConnected', { host: this.#options.address.host })));
  }

  #setStatus(status: SignalingStatus): void {
    this.#status = status;
    this.#options.onStatus(status);
  }
}
