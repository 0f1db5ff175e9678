import { equalBytes, type Bytes } from '@/src/base/bytes';
import type { Pace } from '@/src/base/pace';
import { pieceHash, pieceSizeBytes, type TorrentFile } from '@/src/protocol/torrent-info';
import { fileSpans, webSeedFileUrl, type FileSpan } from '@/src/protocol/web-seed-spans';
import { readWebSeedRange, WebSeedError, type WebSeedFetch } from '@/src/transport/web-seed-client';
import type { EngineOptions } from './engine-options';
import type { EngineLimits } from './limits';
import type { PiecePlanner } from './planner';
import { notice } from '@/src/protocol/notice';

export interface WebSeedRequestOptions {
  readonly engine: Pick<EngineOptions, 'clock' | 'sha1'> & { readonly fetch: WebSeedFetch };
  readonly limits: EngineLimits;
  readonly planner: PiecePlanner;
  readonly url: string;
  readonly isFolder: boolean;
  /** Claimed, one after another. */
  readonly pieces: readonly number[];
  readonly signal: AbortSignal;
  readonly pace: Pace;
  /** Nothing came for this long: given up. Asked anew for each wait. */
  stalledAfterMs(): number;
  onBytes(bytes: number): void;
  onWasted(bytes: number, isCorrupt?: boolean): void;
  onPiece(piece: number): void;
  onBadPiece(piece: number): void;
}

export type WebSeedOutcome =
  | { readonly kind: 'done' | 'stopped' | 'stalled' }
  | { readonly kind: 'failed'; readonly error: WebSeedError; readonly file: TorrentFile };

/** A run of pieces from one web seed: each is verified and handed on as soon as it is whole; one piece at a time is in memory. */
export class WebSeedRequest {
  /** Time spent waiting for the network, and what came in it. */
  networkMs = 0;
  receivedBytes = 0;
  readonly #options: WebSeedRequestOptions;
  readonly #abort = new AbortController();
  readonly #left: Set<number>;
  readonly #taken = new Set<number>();
  #stopping = false;
  #stalled = false;
  #cancelStall: (() => void) | undefined;

  constructor(options: WebSeedRequestOptions) {
    this.#options = options;
    this.#left = new Set(options.pieces);
  }

  /** Pieces that have not come yet. */
  get left(): ReadonlySet<number> {
    return this.#left;
  }

  /** Ends once the piece under way is whole: what has come of it is not wasted. */
  stopSoon(): void {
    this.#stopping = true;
  }

  /** Another source fetches this piece now. */
  take(piece: number): void {
    if (!this.#left.has(piece)) return;
    this.#taken.add(piece);
    if ([...this.#left].every((other) => this.#taken.has(other))) this.#abort.abort();
  }

  async run(): Promise<WebSeedOutcome> {
    const { planner, pieces, signal } = this.#options;
    const [first] = pieces;
    const last = pieces.at(-1);
    if (first === undefined || last === undefined) return { kind: 'done' };
    const startBytes = first * planner.info.pieceLengthBytes;
    const lengthBytes = last * planner.info.pieceLengthBytes + pieceSizeBytes(planner.info, last) - startBytes;
    const ended = AbortSignal.any([signal, this.#abort.signal]);
    const assembly = new PieceAssembly(this.#options, first, this.#left);
    let reading: TorrentFile | undefined;
    try {
      for (const span of fileSpans(planner.info, startBytes, lengthBytes)) {
        reading = span.file;
        for await (const chunk of this.#chunks(span, ended)) {
          await assembly.add(chunk, () => this.#stopping);
          if (assembly.isOver) return { kind: 'stopped' };
        }
      }
      return { kind: 'done' };
    } catch (error) {
      if (this.#stalled) return { kind: 'stalled' };
      if (ended.aborted || reading === undefined) return { kind: 'stopped' };
      const failure = error instanceof WebSeedError ? error : new WebSeedError('broken', notice('seedBroken'));
      return { kind: 'failed', error: failure, file: reading };
    } finally {
      this.#cancelStall?.();
      this.#options.onWasted(assembly.looseBytes);
    }
  }

  async *#chunks(span: FileSpan, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    if (span.file.padding) return yield* zeros(span.lengthBytes);
    const { engine, limits, pace, planner, isFolder, url } = this.#options;
    const chunks = readWebSeedRange({
      fetch: engine.fetch,
      url: webSeedFileUrl(planner.info, isFolder, url, span.file),
      startBytes: span.startBytes,
      lengthBytes: span.lengthBytes,
      fileLengthBytes: span.file.lengthBytes,
      wholeFileBytes: limits.webSeedWholeFileBytes,
      signal,
    });
    try {
      for (;;) {
        const askedAtMs = engine.clock.now();
        this.#watchStall();
        const next = await chunks.next();
        this.#cancelStall?.();
        this.networkMs += engine.clock.now() - askedAtMs;
        if (next.done === true) return;
        // What is not read fills the connection, and the server waits.
        await pace.take(next.value.length);
        signal.throwIfAborted();
        this.receivedBytes += next.value.length;
        this.#options.onBytes(next.value.length);
        planner.noteProgress('web-seed');
        yield next.value;
      }
    } finally {
      await chunks.return();
    }
  }

  #watchStall(): void {
    this.#cancelStall = this.#options.engine.clock.after(this.#options.stalledAfterMs(), () => {
      this.#stalled = true;
      this.#abort.abort();
    });
  }
}

/** Puts bytes that come in order into pieces. */
class PieceAssembly {
  /** After a bad piece, or a piece after which to stop. */
  isOver = false;
  readonly #options: WebSeedRequestOptions;
  readonly #left: Set<number>;
  #piece: number;
  #bytes: Bytes | undefined;
  #filledBytes = 0;
  #skippedBytes = 0;

  constructor(options: WebSeedRequestOptions, firstPiece: number, left: Set<number>) {
    this.#options = options;
    this.#piece = firstPiece;
    this.#left = left;
  }

  /** Received, but of no whole piece. */
  get looseBytes(): number {
    return this.#filledBytes + this.#skippedBytes;
  }

  async add(chunk: Uint8Array, isStopping: () => boolean): Promise<void> {
    const { info } = this.#options.planner;
    let at = 0;
    while (at < chunk.length && !this.isOver) {
      const sizeBytes = pieceSizeBytes(info, this.#piece);
      const bytes = (this.#bytes ??= new Uint8Array(sizeBytes));
      const part = chunk.subarray(at, at + sizeBytes - this.#filledBytes);
      bytes.set(part, this.#filledBytes);
      this.#filledBytes += part.length;
      at += part.length;
      if (this.#filledBytes < sizeBytes) continue;
      await this.#finish(bytes);
      this.isOver ||= isStopping();
    }
    this.#skippedBytes += chunk.length - at;
  }

  async #finish(bytes: Bytes): Promise<void> {
    const options = this.#options;
    const { engine, planner } = options;
    const piece = this.#piece++;
    const sizeBytes = bytes.length;
    this.#bytes = undefined;
    this.#filledBytes = 0;
    if (planner.verified.has(piece)) {
      this.#left.delete(piece);
      return options.onWasted(sizeBytes);
    }
    const hash = await engine.sha1(bytes);
    if (!equalBytes(hash, pieceHash(planner.info, piece))) {
      this.isOver = true;
      options.onWasted(sizeBytes, true);
      return options.onBadPiece(piece);
    }
    await planner.deliver('web-seed', piece, bytes);
    this.#left.delete(piece);
    options.onPiece(piece);
  }
}

const ZEROS = new Uint8Array(64 * 1024);

/** What a padding file (BEP 47) consists of; no server keeps one. */
async function* zeros(lengthBytes: number): AsyncGenerator<Uint8Array, void, void> {
  for (let leftBytes = lengthBytes; leftBytes > 0; leftBytes -= ZEROS.length) yield ZEROS.subarray(0, leftBytes);
}
