import { EngineCallError, type StreamRequest } from '@/src/protocol/engine-api';
import type { ReachedEngine } from './offscreen-host';
import { EngineGoneError, linkStream, type StreamLink } from './stream-link';

/** Between two tries when an engine fails rather than dies; dead ones are replaced at once. */
const RETRY_DELAY_MS = 1_000;

/**
 * One file, read forwards from a byte on, across engines: a media element never recovers from an errored response, so whatever
 * happens to an engine this waits, starts the next one and goes on at the same byte. A new engine holds the request back until
 * the player page has opened its session again.
 */
export class ResumingStream {
  readonly fileLengthBytes: number;
  readonly contentType: string;
  readonly #reach: () => Promise<ReachedEngine>;
  readonly #request: StreamRequest;
  readonly #signal: AbortSignal;
  #link: Link | undefined;
  #nextByte: number;

  private constructor(reach: () => Promise<ReachedEngine>, request: StreamRequest, signal: AbortSignal, link: Link) {
    this.fileLengthBytes = link.stream.fileLengthBytes;
    this.contentType = link.stream.contentType;
    this.#reach = reach;
    this.#request = request;
    this.#signal = signal;
    this.#link = link;
    this.#nextByte = request.startBytes;
  }

  /** Waits for an engine and the metadata. @throws {EngineCallError} when the engine says no and would again (`no-consent`, `bad-request`) */
  static async open(reach: () => Promise<ReachedEngine>, request: StreamRequest, signal: AbortSignal): Promise<ResumingStream> {
    return new ResumingStream(reach, request, signal, await linkAgain(reach, request, signal));
  }

  /** The next 1 to `maxBytes` bytes; none at the end of the file. Waits as long as it takes. @throws once the signal aborted */
  async read(maxBytes: number): Promise<Uint8Array> {
    for (;;) {
      this.#link ??= await linkAgain(this.#reach, { ...this.#request, startBytes: this.#nextByte }, this.#signal);
      try {
        const bytes = await this.#link.stream.pull(maxBytes);
        this.#nextByte += bytes.length;
        return bytes;
      } catch (error) {
        this.#link.close();
        this.#link = undefined;
        await pauseUnlessGone(error, this.#signal);
      }
    }
  }
}

interface Link {
  readonly stream: StreamLink;
  close(): void;
}

async function linkAgain(reach: () => Promise<ReachedEngine>, request: StreamRequest, signal: AbortSignal): Promise<Link> {
  for (;;) {
    const closing = new AbortController();
    try {
      const stream = await linkStream(await reach(), request, AbortSignal.any([signal, closing.signal]));
      return { stream, close: () => closing.abort() };
    } catch (error) {
      closing.abort();
      if (error instanceof EngineCallError && (error.code === 'no-consent' || error.code === 'bad-request')) throw error;
      await pauseUnlessGone(error, signal);
    }
  }
}

async function pauseUnlessGone(error: unknown, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (error instanceof EngineGoneError) return;
  const over = AbortSignal.any([signal, AbortSignal.timeout(RETRY_DELAY_MS)]);
  await new Promise((resolve) => over.addEventListener('abort', resolve, { once: true }));
  signal.throwIfAborted();
}
