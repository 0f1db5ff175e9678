import * as v from 'valibot';
import type { Clock } from '@/src/base/clock';
import type { SwarmId } from '@/src/protocol/ids';
import {
  announceAckSchema,
  MAX_SIGNALING_MESSAGE_BYTES,
  relayAckSchema,
  signalingErrorSchema,
  type AnnounceAnswer,
  type AnnounceRequest,
  type Directed,
  type RelayKind,
  type SignalingError,
} from '@/src/protocol/signaling-events';
import { encodeFrame, readServerFrame, WEB_SOCKET_PATH, type ClientFrameType } from '@/src/protocol/web-socket-frames';
import { ReconnectingSocket } from './reconnecting-socket';
import type { SignalingAddress } from './signaling-address';
import { readSignalingAnswer, refusalNotice } from './signaling-answer';
import { SignalingCallError, type SignalingClient, type SignalingHandlers, type SignalingStatus } from './signaling-client';
import { diagnose } from './signaling-diagnosis';
import { SignalingListeners } from './signaling-listeners';
import { notice, type Notice } from '@/src/protocol/notice';

export interface WebSocketSignalingOptions {
  readonly url: string;
  readonly address: SignalingAddress;
  /** Of a server that takes in only those who have one. */
  readonly token: string | undefined;
  /** Ends the connection for good. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** From 0 up to, but not including, 1: spreads the tries of many clients. */
  readonly random: () => number;
}

const CONNECT_TIMEOUT_MS = 10_000;
const ACK_TIMEOUT_MS = 10_000;
const BACKOFF = { minMs: 1000, maxMs: 30_000 };
/** Calls of all sessions that wait for their answer, and bytes that wait for the line: more is refused at once. */
const MAX_WAITING_CALLS = 500;
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

interface PendingCall {
  settle(reply: unknown): void;
  fail(reason: Notice): void;
}

/** One connection to a server of ours over a plain WebSocket. Whatever the server says is checked; what does not fit is ignored. */
export class WebSocketSignaling implements SignalingClient {
  readonly url: string;
  readonly #options: WebSocketSignalingOptions;
  readonly #socket: ReconnectingSocket;
  readonly #listeners = new SignalingListeners();
  readonly #calls = new Map<number, PendingCall>();
  #status: SignalingStatus = { kind: 'idle' };
  #nextId = 0;
  /** Counts connections made and lost, so that what is found out about an old one is not said of a new one. */
  #turn = 0;
  /** What the server said before it hung up. */
  #refusal: Notice | undefined;

  constructor(options: WebSocketSignalingOptions) {
    const { address, signal, clock, random, url } = options;
    this.url = url;
    this.#options = options;
    this.#socket = new ReconnectingSocket({
      url: `${address.origin.replace(/^http/, 'ws')}${address.basePath}${WEB_SOCKET_PATH}`,
      host: address.host,
      signal,
      clock,
      random,
      createSocket: (socketUrl) => new WebSocket(socketUrl),
      backoff: BACKOFF,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      maxMessageChars: MAX_SIGNALING_MESSAGE_BYTES,
      maxWaitingBytes: MAX_WAITING_BYTES,
      kind: 'signaling server',
      onConnecting: () => undefined,
      onOpen: () => void this.#onOpen(),
      onMessage: (text) => this.#onMessage(text),
      onDown: (_reason, wasOpen) => void this.#onDown(wasOpen),
    });
    signal.addEventListener('abort', () => this.#end(), { once: true });
  }

  get status(): SignalingStatus {
    return this.#status;
  }

  connect(): void {
    if (this.#options.signal.aborted || this.#status.kind === 'connected' || this.#status.kind === 'connecting') return;
    this.#setStatus({ kind: 'connecting' });
    this.#socket.connect();
  }

  announce(announce: AnnounceRequest): Promise<AnnounceAnswer> {
    return this.#call('announce', announce, announceAckSchema);
  }

  async relay(kind: RelayKind, message: Directed): Promise<void> {
    // Nobody acts on candidates that did not arrive: an acknowledgement of each would be half of what a server sends.
    if (kind === 'ice-candidate' && this.#status.kind === 'connected') this.#socket.send(encodeFrame({ type: kind, payload: message }));
    else await this.#call(kind, message, relayAckSchema);
  }

  leave(swarmId: SwarmId): void {
    if (this.#status.kind === 'connected') this.#socket.send(encodeFrame({ type: 'leave', payload: { swarmId } }));
  }

  listen(swarmId: SwarmId, handlers: SignalingHandlers, signal: AbortSignal): void {
    this.#listeners.add(swarmId, handlers, signal);
  }

  async #call<Answer extends object>(
    type: ClientFrameType,
    payload: unknown,
    schema: v.GenericSchema<unknown, Answer | { error: SignalingError }>,
  ): Promise<Answer> {
    const { host } = this.#options.address;
    if (this.#status.kind !== 'connected') throw new SignalingCallError('unreachable', notice('notConnected', { host }));
    return readSignalingAnswer(schema, await this.#ask(type, payload), host, () => this.#socket.confirmUse());
  }

  #ask(type: ClientFrameType, payload: unknown): Promise<unknown> {
    const { address, clock } = this.#options;
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const fail = (reason: Notice): void => {
        this.#calls.delete(id);
        cancelTimeout();
        reject(new SignalingCallError('unreachable', reason));
      };
      const cancelTimeout = clock.after(ACK_TIMEOUT_MS, () => fail(notice('noAnswer', { host: address.host })));
      const settle = (reply: unknown): void => {
        this.#calls.delete(id);
        cancelTimeout();
        resolve(reply);
      };
      if (this.#calls.size >= MAX_WAITING_CALLS || !this.#socket.send(encodeFrame({ type, id, payload }))) {
        return fail(notice('overburdened', { host: address.host }));
      }
      this.#calls.set(id, { settle, fail });
    });
  }

  async #onOpen(): Promise<void> {
    const turn = ++this.#turn;
    const { token, address } = this.#options;
    try {
      if (token !== undefined) readSignalingAnswer(relayAckSchema, await this.#ask('auth', { token }), address.host);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#refusal = error instanceof SignalingCallError ? error.notice : undefined;
      return this.#socket.drop(notice('connectionLost', { host: address.host }));
    }
    if (turn === this.#turn) this.#setStatus({ kind: 'connected' });
  }

  async #onDown(wasOpen: boolean): Promise<void> {
    const turn = ++this.#turn;
    const { address, signal } = this.#options;
    const lost = notice('connectionLost', { host: address.host });
    const refusal = this.#refusal;
    this.#refusal = undefined;
    for (const call of this.#calls.values()) call.fail(lost);
    if (refusal === undefined && !wasOpen) {
      const reason = await diagnose(address, signal);
      if (turn === this.#turn && !signal.aborted) this.#setStatus({ kind: 'unreachable', reason });
    } else this.#setStatus({ kind: 'unreachable', reason: refusal ?? lost });
  }

  #end(): void {
    this.#turn++;
    this.#status = { kind: 'idle' };
    for (const call of this.#calls.values()) call.fail(notice('notConnected', { host: this.#options.address.host }));
  }

  /** It hangs up next, or will not have one message: only the first of these is a reason for anything. */
  #onError(payload: unknown): void {
    if (!v.is(signalingErrorSchema, payload) || (payload.code !== 'rate-limited' && payload.code !== 'unauthorized')) return;
    this.#refusal = refusalNotice(payload, this.#options.address.host);
  }

  #setStatus(status: SignalingStatus): void {
    this.#status = status;
    this.#listeners.tellStatus(status);
  }

  #onMessage(text: string): void {
    const frame = readServerFrame(text);
    switch (frame?.type) {
      case undefined:
        return;
      case 'ack':
        return this.#calls.get(frame.id)?.settle(frame.payload);
      case 'peer-left':
        return this.#listeners.tellPeerLeft(frame.payload);
      case 'error':
        this.#onError(frame.payload);
        return;
      case 'offer':
      case 'answer':
      case 'ice-candidate':
        return this.#listeners.tellRelayed(frame.type, frame.payload);
    }
  }
}
