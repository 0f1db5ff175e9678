import { io, NodeWebSocket, type Socket } from 'socket.io-client';
import * as v from 'valibot';
import { backoffDelayMs } from '@/src/base/backoff';
import type { SwarmId } from '@/src/protocol/ids';
import {
  announceAckSchema,
  MAX_SIGNALING_MESSAGE_BYTES,
  RELAY_KINDS,
  relayAckSchema,
  signalingErrorSchema,
  type AnnounceAnswer,
  type AnnounceRequest,
  type Directed,
  type RelayKind,
  type SignalingError,
} from '@/src/protocol/signaling-events';
import { createPacketParser, PACKET_TYPE } from '@/src/protocol/socket-io-packets';
import { parseSignalingAddress, type SignalingAddress } from './signaling-address';
import { readSignalingAnswer, refusalNotice } from './signaling-answer';
import { SignalingCallError, type SignalingClient, type SignalingHandlers, type SignalingStatus } from './signaling-client';
import { diagnose } from './signaling-diagnosis';
import { SignalingListeners } from './signaling-listeners';
import { UnusableSignaling } from './unusable-signaling';
import { notice, type Notice } from '@/src/protocol/notice';

export interface SocketIoSignalingOptions {
  /** http, https, ws or wss. */
  readonly url: string;
  /** Of a server that takes in only those who have one: sent as `auth.token`. */
  readonly token?: string | undefined;
  /** Ends the connection for good. */
  readonly signal: AbortSignal;
  /** From 0 up to, but not including, 1: spreads the tries of many clients. */
  readonly random?: () => number;
}

const CONNECT_TIMEOUT_MS = 10_000;
const ACK_TIMEOUT_MS = 10_000;
const BACKOFF = { minMs: 1000, maxMs: 30_000 };

/** The library lets a malformed handshake throw out of the socket's event, which ends a Node process; and it takes frames of any size. */
class GuardedWebSocket extends NodeWebSocket {
  override createSocket(uri: string, protocols: string | string[] | undefined, options: Record<string, unknown>): unknown {
    return super.createSocket(uri, protocols, { ...options, maxPayload: MAX_SIGNALING_MESSAGE_BYTES });
  }

  protected override onData(data: unknown): void {
    try {
      if (typeof data !== 'string' || data.length > MAX_SIGNALING_MESSAGE_BYTES) throw new RangeError('not a bounded text frame');
      super.onData(data);
    } catch (error) {
      this.onError('protocol error', error);
    }
  }
}

/** One connection to a server of ours over Socket.IO. Whatever the server says is checked; what does not fit is ignored. */
export function createSocketIoSignaling({ url, token, signal, random = Math.random }: SocketIoSignalingOptions): SignalingClient {
  const address = parseSignalingAddress(url);
  return address === undefined ? new UnusableSignaling(url) : new SocketIoSignaling(url, address, token, signal, random);
}

class SocketIoSignaling implements SignalingClient {
  readonly url: string;
  readonly #address: SignalingAddress;
  readonly #signal: AbortSignal;
  readonly #random: () => number;
  readonly #socket: Socket;
  readonly #listeners = new SignalingListeners();
  #status: SignalingStatus = { kind: 'idle' };
  #phase: 'idle' | 'trying' | 'connected' | 'explaining' | 'waiting' | 'ended' = 'idle';
  /** Ends a try that takes too long, or the wait for the next one. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Tries since the server last answered a call: one that accepts only to hang up is not asked ever faster. */
  #fruitlessTries = 0;

  constructor(url: string, address: SignalingAddress, token: string | undefined, signal: AbortSignal, random: () => number) {
    this.url = url;
    this.#address = address;
    this.#signal = signal;
    this.#random = random;
    this.#socket = io(address.origin, {
      path: `${address.basePath}/socket.io/`,
      transports: [GuardedWebSocket],
      upgrade: false,
      forceNew: true,
      multiplex: false,
      autoConnect: false,
      reconnection: false,
      ...(token === undefined ? {} : { auth: { token } }),
      parser: createPacketParser(Object.values(PACKET_TYPE)),
    });
    this.#socket.on('connect', () => this.#onConnect());
    this.#socket.on('connect_error', (error) => this.#onDown('data' in error ? error.data : undefined));
    this.#socket.on('disconnect', () => this.#onDown());
    for (const kind of RELAY_KINDS) this.#socket.on(kind, (message: unknown) => this.#listeners.tellRelayed(kind, message));
    this.#socket.on('peer-left', (message: unknown) => this.#listeners.tellPeerLeft(message));
    if (signal.aborted) this.#end();
    else signal.addEventListener('abort', () => this.#end(), { once: true });
  }

  get status(): SignalingStatus {
    return this.#status;
  }

  connect(): void {
    if (this.#phase !== 'idle' && this.#phase !== 'waiting') return;
    this.#try();
    this.#setStatus({ kind: 'connecting' });
  }

  async announce(announce: AnnounceRequest): Promise<AnnounceAnswer> {
    return this.#call('announce', announce, announceAckSchema);
  }

  async relay(kind: RelayKind, message: Directed): Promise<void> {
    await this.#call(kind, message, relayAckSchema);
  }

  leave(swarmId: SwarmId): void {
    if (this.#socket.connected) this.#socket.emit('leave', { swarmId });
  }

  listen(swarmId: SwarmId, handlers: SignalingHandlers, signal: AbortSignal): void {
    this.#listeners.add(swarmId, handlers, signal);
  }

  async #call<Answer extends object>(
    event: 'announce' | RelayKind,
    payload: AnnounceRequest | Directed,
    schema: v.GenericSchema<unknown, Answer | { error: SignalingError }>,
  ): Promise<Answer> {
    const { host } = this.#address;
    // The library would keep the message for a later connection, in which it means nothing.
    if (!this.#socket.connected) throw new SignalingCallError('unreachable', notice('notConnected', { host }));
    const reply: unknown = await this.#socket
      .timeout(ACK_TIMEOUT_MS)
      .emitWithAck(event, payload)
      .catch(() => {
        throw new SignalingCallError('unreachable', notice('noAnswer', { host }));
      });
    return readSignalingAnswer(schema, reply, host, () => {
      this.#fruitlessTries = 0;
    });
  }

  #try(): void {
    clearTimeout(this.#timer);
    this.#phase = 'trying';
    this.#timer = setTimeout(() => this.#onDown(), CONNECT_TIMEOUT_MS);
    this.#socket.connect();
  }

  #onConnect(): void {
    if (this.#phase !== 'trying') return;
    clearTimeout(this.#timer);
    this.#phase = 'connected';
    this.#setStatus({ kind: 'connected' });
  }

  /** `refusal` is what a server of ours says when it takes nobody in. */
  #onDown(refusal?: unknown): void {
    const { host } = this.#address;
    clearTimeout(this.#timer);
    if (this.#phase === 'connected') this.#waitAfter(notice('connectionLost', { host }));
    if (this.#phase !== 'trying') return;
    this.#phase = 'explaining';
    this.#socket.disconnect();
    if (v.is(signalingErrorSchema, refusal)) this.#waitAfter(refusalNotice(refusal, host));
    else void diagnose(this.#address, this.#signal).then((reason) => this.#waitAfter(reason));
  }

  #waitAfter(reason: Notice): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'waiting';
    this.#timer = setTimeout(() => this.#try(), backoffDelayMs(this.#fruitlessTries++, this.#random, BACKOFF));
    this.#setStatus({ kind: 'unreachable', reason });
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#phase = 'ended';
    this.#status = { kind: 'idle' };
    this.#socket.disconnect();
  }

  #setStatus(status: SignalingStatus): void {
    this.#status = status;
    this.#listeners.tellStatus(status);
  }
}
