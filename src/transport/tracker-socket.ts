import { backoffDelayMs, type BackoffLimits } from '@/src/base/backoff';
import type { Clock } from '@/src/base/clock';
import { MAX_TRACKER_MESSAGE_CHARS } from './tracker-messages';

export interface TrackerSocketOptions {
  readonly url: string;
  readonly host: string;
  /** Ends it for good. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: () => number;
  readonly createSocket: (url: string) => WebSocket;
  readonly backoff: BackoffLimits;
  readonly connectTimeoutMs: number;
  /** @param isRetry false at the very first try */
  onConnecting(isRetry: boolean): void;
  onOpen(): void;
  onMessage(text: string): void;
  /** It tries again by itself. */
  onDown(reason: string): void;
}

/** A WebSocket that comes back: after 1 s, then ever more slowly, up to 30 s, each time a little by chance. */
export class TrackerSocket {
  readonly #options: TrackerSocketOptions;
  #socket: WebSocket | undefined;
  #cancelTimer: (() => void) | undefined;
  /** Tries since the tracker last answered: one that accepts only to hang up is not asked ever faster. */
  #fruitlessTries = 0;
  #tries = 0;

  constructor(options: TrackerSocketOptions) {
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
      socket = this.#options.createSocket(this.#options.url);
    } catch {
      // The page may not use unencrypted connections, or the port is one that browsers block.
      return this.#waitAfter(`The browser refuses to connect to ${host}.`);
    }
    this.#socket = socket;
    this.#cancelTimer = clock.after(connectTimeoutMs, () => this.drop(`${host} does not answer.`));
    socket.addEventListener('open', () => {
      if (this.#socket !== socket) return;
      this.#cancelTimer?.();
      this.#options.onOpen();
    });
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (this.#socket !== socket) return;
      if (typeof data === 'string' && data.length <= MAX_TRACKER_MESSAGE_CHARS) this.#options.onMessage(data);
      else this.drop(`${host} sent a message that no tracker sends.`);
    });
    const onEnd = (): void => {
      if (this.#socket === socket) this.drop(`${host} cannot be reached.`);
    };
    socket.addEventListener('error', onEnd);
    socket.addEventListener('close', onEnd);
  }

  send(text: string): void {
    if (this.isOpen) this.#socket?.send(text);
  }

  /** The tracker did what a tracker is for. */
  confirmUse(): void {
    this.#fruitlessTries = 0;
  }

  /** Gives this connection up and comes back later. */
  drop(reason: string): void {
    this.#close();
    this.#waitAfter(reason);
  }

  #waitAfter(reason: string): void {
    const { clock, random, backoff, signal } = this.#options;
    if (signal.aborted) return;
    this.#cancelTimer?.();
    this.#cancelTimer = clock.after(backoffDelayMs(this.#fruitlessTries++, random, backoff), () => this.connect());
    this.#options.onDown(reason);
  }

  #close(): void {
    this.#cancelTimer?.();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }
}
