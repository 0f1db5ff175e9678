import { EngineCallError, type StreamRequest } from '@/src/protocol/engine-api';
import { onPortMessage } from '@/src/messaging/port-messages';
import { announcePresence, onceGone } from '@/src/messaging/presence';
import { streamMessage, type StreamMessage, type StreamPullMessage } from '@/src/messaging/stream-messages';
import type { HostMessage } from '@/src/messaging/switchboard-messages';
import type { ReachedEngine } from './offscreen-host';
import { notice } from '@/src/protocol/notice';

/** The engine may die between being found and being asked; then nobody says hello. */
const GREETING_TIMEOUT_MS = 5_000;

/** Held for the life of this worker, so that the engine drops the streams of a killed one. */
let workerLock: Promise<string> | undefined;

/** Asking for a lock takes tens of ms: a film that is about to be streamed need not wait for it. */
export function holdWorkerLock(): Promise<string> {
  return (workerLock ??= announcePresence('worker', new AbortController().signal));
}

/** Rejects with this when the engine is gone; the same bytes can be had from the next one. */
export class EngineGoneError extends Error {}

export interface StreamLink {
  readonly fileLengthBytes: number;
  readonly contentType: string;
  /** 1 to `maxBytes` bytes, or none at the end of the file. @throws {EngineGoneError} @throws {EngineCallError} */
  pull(maxBytes: number): Promise<Uint8Array>;
}

/**
 * Opens one file in one engine, over a port of its own. Abort the signal to close it.
 * @throws {EngineGoneError} when that engine died @throws {EngineCallError} when it refuses
 */
export async function linkStream(engine: ReachedEngine, request: StreamRequest, signal: AbortSignal): Promise<StreamLink> {
  const { port1: port, port2: enginePort } = new MessageChannel();
  const hello = new AbortController();
  const inbox = new Inbox(port, signal);
  signal.addEventListener(
    'abort',
    () => {
      post(port, { type: 'stream-cancel' });
      port.close();
    },
    { once: true },
  );
  const message: HostMessage = { type: 'stream', workerLock: await holdWorkerLock(), request, settings: engine.settings };
  engine.post(message, enginePort);
  AbortSignal.any([hello.signal, AbortSignal.timeout(GREETING_TIMEOUT_MS)]).addEventListener('abort', () => {
    if (!hello.signal.aborted) inbox.fail(new EngineGoneError('The engine did not answer.'));
  });

  const greeting = await inbox.next();
  hello.abort();
  if (greeting.type !== 'engine-hello') throw unexpected(greeting);
  onceGone(greeting.engineLock, signal, () => inbox.fail(new EngineGoneError('The engine died.')));

  const opened = await inbox.next();
  if (opened.type !== 'stream-opened') throw unexpected(opened);
  return {
    fileLengthBytes: opened.fileLengthBytes,
    contentType: opened.contentType,
    async pull(maxBytes) {
      post(port, { type: 'stream-pull', maxBytes });
      const answer = await inbox.next();
      if (answer.type === 'stream-end') return new Uint8Array();
      if (answer.type !== 'stream-bytes' || answer.bytes.length > maxBytes) throw unexpected(answer);
      return answer.bytes;
    },
  };
}

/** Turns the messages of a port into answers awaited one at a time. */
class Inbox {
  readonly #arrived: StreamMessage[] = [];
  #waiting: PromiseWithResolvers<StreamMessage> | undefined;
  #failure: unknown;

  constructor(port: MessagePort, signal: AbortSignal) {
    onPortMessage(port, streamMessage, signal, (message) => {
      if (this.#waiting === undefined) this.#arrived.push(message);
      else this.#waiting.resolve(message);
      this.#waiting = undefined;
    });
    signal.addEventListener('abort', () => this.fail(signal.reason), { once: true });
  }

  async next(): Promise<StreamMessage> {
    const message = this.#arrived.shift();
    if (message !== undefined) return message;
    if (this.#failure !== undefined) throw this.#failure;
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  fail(failure: unknown): void {
    this.#failure ??= failure;
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
  }
}

function unexpected(message: StreamMessage): Error {
  if (message.type === 'stream-failed') return new EngineCallError(message.code, message.notice);
  return new EngineCallError('internal', notice('unexpected'), `${message.type} out of turn`);
}

function post(port: MessagePort, message: StreamPullMessage): void {
  port.postMessage(message);
}
