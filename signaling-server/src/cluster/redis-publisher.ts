import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface RedisPublisherOptions {
  /** `redis://` or `rediss://`, with or without a user and a password. */
  readonly url: string;
  /** Before it tries again, by how often it tried in vain. */
  readonly retryDelayMs: (tries: number) => number;
  /** It can publish, or no longer can. */
  readonly onChange: () => void;
}

/** Messages that Redis has not taken: it is stuck, and what they said is over. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 5000;
const READY = '+PONG\r\n';

/**
 * Publishes to Redis and asks for no replies (`CLIENT REPLY OFF`), which the library cannot: one for each message would wake this process
 * while the other node and its client wait for a processor.
 */
export class RedisPublisher {
  readonly #options: RedisPublisherOptions;
  #socket: Socket | undefined;
  #isReady = false;
  #tries = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RedisPublisherOptions) {
    this.#options = options;
    this.#connect();
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  publish(channel: string, text: string): void {
    if (!this.#isReady || this.#socket === undefined) return;
    this.#socket.write(command('PUBLISH', channel, text));
    if (this.#socket.writableLength > MAX_WAITING_BYTES) this.#socket.destroy();
  }

  close(): void {
    clearTimeout(this.#timer);
    // What was said last still goes out.
    this.#socket?.removeAllListeners('close').destroySoon();
    this.#isReady = false;
  }

  #connect(): void {
    const { hostname, port, protocol, username, password } = new URL(this.#options.url);
    const host = hostname.replace(/^\[|\]$/g, '');
    const address = { host, port: port === '' ? 6379 : Number(port), noDelay: true, keepAlive: true };
    const socket = protocol === 'rediss:' ? connectTls(address) : connectTcp(address);
    this.#socket = socket;
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy());
    // Followed by its close.
    socket.on('error', () => undefined);
    socket.once('close', () => this.#retry());
    const login = [username, password].filter((part) => part !== '').map(decodeURIComponent);
    if (login.length > 0) socket.write(command('AUTH', ...login));
    socket.write(command('PING') + command('CLIENT', 'REPLY', 'OFF'));
    socket.setEncoding('utf8');
    let heard = '';
    socket.on('data', (text: string) => {
      heard += text;
      // Such as a wrong password: the operator may mend it.
      if (heard.startsWith('-')) socket.destroy();
      else if (heard.endsWith(READY)) this.#open(socket);
    });
  }

  #open(socket: Socket): void {
    socket.setTimeout(0);
    // Nothing more comes, unless this Redis denies the command: then nobody listens to what it says.
    socket.removeAllListeners('data').resume();
    this.#tries = 0;
    this.#isReady = true;
    this.#options.onChange();
  }

  #retry(): void {
    this.#isReady = false;
    this.#options.onChange();
    this.#timer = setTimeout(() => this.#connect(), this.#options.retryDelayMs(this.#tries++));
  }
}

/** As Redis reads it (RESP). */
function command(...parts: readonly string[]): string {
  return `*${parts.length}\r\n${parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`;
}
