import { backoffDelayMs, type BackoffLimits } from '@/src/base/backoff';
import type { Clock } from '@/src/base/clock';
import { notice, type Notice } from '@/src/protocol/notice';

export interface ReconnectingSocketOptions {
  /** A function where it changes from one connection to the next. */
  readonly url: string | (() => string);
  readonly host: string;
  /** Ends it for good. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: () => number;
  readonly createSocket: (url: string) => WebSocket;
  readonly backoff: BackoffLimits;
  readonly connectTimeoutMs: number;
  /** A longer message, or one that is not text, ends the connection. */
  readonly maxMessageChars: number;
  /** What is sent while more bytes than this wait for the server is refused; left out for no limit. */
  readonly maxWaitingBytes?: number;
  /** Who answers there, for the sentence about messages nobody of that kind sends. */
  readonly kind: 'tracker' | 'signaling server';
  /** @param isRetry false at the very first try */
  onConnecting(isRetry: boolean): void;
  onOpen(): void;
  onMessage(text: string): void;
  /** It tries again by itself. @param wasOpen the connection stood before */
  onDown(reason: Notice, wasOpen: boolean): void;
}

/** A WebSocket that comes back: after 1 s, then ever more slowly, up to 30 s, each time a little by chance. */
export class ReconnectingSocket {
  readonly #options: ReconnectingSocketOptions;
  #socket: WebSocket | undefined;
  #cancelTimer: (() => void) | undefined;
  /** Tries since the server last answered: one that accepts only to hang up is not asked ever faster. */
  #fruitlessTries = 0;
  #tries = 0;
  #wasOpen = false;

  constructor(options: ReconnectingSocketOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.#close(), { once: true });
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Also cuts a wait short. */
  connect(): void {
    if (this.#socket !== undefined || this.#options.signal.aborted) return;
    this.#cancelTimer?.();
    const { clock, connectTimeoutMs, host } = this.#options;
    this.#options.onConnecting(this.#tries++ > 0);
    let socket: WebSocket;
    try {
      const { url } = this.#options;
      socket = this.#options.createSocket(typeof url === 'string' ? url : url());
    } catch {
      // The page may not use unencrypted connections, or the port is one that browsers block.
      return this.#waitAfter(notice('connectionRefused', { host }));
    }
    this.#socket = socket;
    this.#cancelTimer = clock.after(connectTimeoutMs, () => this.drop(notice('noAnswer', { host })));
    socket.addEventListener('open', () => {
      if (this.#socket !== socket) return;
      this.#cancelTimer?.();
      this.#wasOpen = true;
      this.#options.onOpen();
    });
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (this.#socket !== socket) return;
      if (typeof data === 'string' && data.length <= this.#options.maxMessageChars) this.#options.onMessage(data);
      else this.drop(notice(this.#options.kind === 'tracker' ? 'strangeTrackerMessage' : 'strangeSignalingMessage', { host }));
    });
    const onEnd = (): void => {
      if (this.#socket === socket) this.drop(notice('unreachable', { host }));
    };
    socket.addEventListener('error', onEnd);
    socket.addEventListener('close', onEnd);
  }

  /** @returns false when it is not open, or what was sent before still waits */
  send(text: string): boolean {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return false;
    if (socket.bufferedAmount > (this.#options.maxWaitingBytes ?? Number.POSITIVE_INFINITY)) return false;
    socket.send(text);
    return true;
  }

  /** The server did what it is for. */
  confirmUse(): void {
    this.#fruitlessTries = 0;
  }

  /** Gives this connection up and comes back later. */
  drop(reason: Notice): void {
    const wasOpen = this.#wasOpen;
    this.#close();
    this.#waitAfter(reason, wasOpen);
  }

  #waitAfter(reason: Notice, wasOpen = false): void {
    const { clock, random, backoff, signal } = this.#options;
    if (signal.aborted) return;
    this.#cancelTimer?.();
    this.#cancelTimer = clock.after(backoffDelayMs(this.#fruitlessTries++, random, backoff), () => this.connect());
    this.#options.onDown(reason, wasOpen);
  }

  #close(): void {
    this.#cancelTimer?.();
    const socket = this.#socket;
    this.#socket = undefined;
    this.#wasOpen = false;
    socket?.close();
  }
}
