import type { Engine, OpenedStream } from '@/src/engine/engine-interface';
import { EngineCallError, type SessionId, type StreamRequest } from '@/src/protocol/engine-api';
import { onPortMessage } from '@/src/messaging/port-messages';
import { onceGone } from '@/src/messaging/presence';
import { streamPullMessage, type StreamMessage } from '@/src/messaging/stream-messages';
import { notice } from '@/src/protocol/notice';

export interface ServedStream {
  readonly request: StreamRequest;
  readonly port: MessagePort;
  /** Held by the service worker instance at the other end. */
  readonly workerLock: string;
  readonly engineLock: string;
}

/** Resolves once a page has opened that session, perhaps again. */
export type UntilSessionOpens = (sessionId: SessionId, signal: AbortSignal) => Promise<void>;

/** Serves one stream until the engine's end of it, its cancel, or the death of the service worker that asked. */
export async function serveStream(
  engine: Engine,
  stream: ServedStream,
  untilOpens: UntilSessionOpens,
  hostSignal: AbortSignal,
): Promise<void> {
  const { port, request } = stream;
  const closing = new AbortController();
  const signal = AbortSignal.any([hostSignal, closing.signal]);
  onceGone(stream.workerLock, signal, () => closing.abort());
  signal.addEventListener('abort', () => port.close(), { once: true });
  let opened: OpenedStream | undefined;
  let reading = false;

  const answerPull = async (maxBytes: number): Promise<void> => {
    // One read at a time is the protocol, so that a seek never waits behind a queue.
    if (opened === undefined || reading) return;
    reading = true;
    try {
      const bytes = await opened.read(maxBytes);
      reading = false;
      if (signal.aborted) return;
      if (bytes.length === 0) post(port, { type: 'stream-end' });
      else post(port, { type: 'stream-bytes', bytes }, [bytes.buffer]);
    } catch (error) {
      fail(error);
    }
  };
  const fail = (error: unknown): void => {
    if (signal.aborted) return;
    const { code, notice: said } = error instanceof EngineCallError ? error : new EngineCallError('internal', notice('unexpected'));
    post(port, { type: 'stream-failed', code, notice: said });
    closing.abort();
  };
  onPortMessage(port, streamPullMessage, signal, (message) => {
    switch (message.type) {
      case 'stream-pull':
        void answerPull(message.maxBytes);
        break;
      case 'stream-cancel':
        closing.abort();
        break;
    }
  });

  post(port, { type: 'engine-hello', engineLock: stream.engineLock });
  try {
    opened = await openOnceKnown(engine, request, untilOpens, signal);
    if (!signal.aborted) post(port, { type: 'stream-opened', fileLengthBytes: opened.fileLengthBytes, contentType: opened.contentType });
  } catch (error) {
    fail(error);
  }
}

/** A media element asks a re-created engine for its bytes before the player page has opened the session again. */
async function openOnceKnown(
  engine: Engine,
  request: StreamRequest,
  untilOpens: UntilSessionOpens,
  signal: AbortSignal,
): Promise<OpenedStream> {
  for (;;) {
    const opens = untilOpens(request.sessionId, signal);
    try {
      return await engine.openStream(request, signal);
    } catch (error) {
      if (!(error instanceof EngineCallError) || error.code !== 'unknown-session') throw error;
    }
    await opens;
    signal.throwIfAborted();
  }
}

function post(port: MessagePort, message: StreamMessage, transfer: Transferable[] = []): void {
  port.postMessage(message, transfer);
}
