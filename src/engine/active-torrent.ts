import type { Bytes } from '@/src/base/bytes';
import type { Bitfield } from '@/src/base/bitfield';
import { EngineCallError, type FileSnapshot } from '@/src/protocol/engine-api';
import { contentType, fileKind } from '@/src/protocol/file-kind';
import { pieceSizeBytes, type TorrentFile, type TorrentInfo } from '@/src/protocol/torrent-info';
import { chosenRanges, piecesOf, planPlayback, type Playhead } from '@/src/scheduler/playback-window';
import { boundedWindowBytes, fetchAheadBytes } from '@/src/scheduler/storage-quota';
import type { OpenedStream } from './engine-interface';
import type { EngineOptions } from './engine-options';
import type { EngineLimits } from './limits';
import { TorrentPlanner } from './planner';
import { RangeReader, readHeld } from './range-reader';
import type { StoreRoom } from './store-room';
import type { StoredFilm } from './stored-film';
import { verifiedRuns } from './verified-runs';
import { notice } from '@/src/protocol/notice';

/** SPEC B3. */
const EVICTED_LATELY_MS = 10_000;
/** A player closes one stream before it opens the next, when what it looks for is elsewhere in the file. */
const UNREAD_MS = 100;

export interface ActiveTorrentOptions {
  readonly engine: EngineOptions;
  readonly limits: EngineLimits;
  readonly info: TorrentInfo;
  readonly chunks: StoredFilm;
  readonly room: StoreRoom;
  /** Ends every reader. */
  readonly signal: AbortSignal;
  onVerified(piece: number): void;
  /** A verified piece could not be kept, or files that are shared have changed. */
  onStoreError(error: unknown): void;
}

/**
 * Until the first picture is there, only what it may need is fetched: a browser that takes in all that a fast peer can send has no
 * time to decode.
 */
type FilmStart =
  | { readonly kind: 'ahead' | 'over' }
  | { readonly kind: 'reading'; readonly windowBytes: number; readonly cancel: () => void };

/** A torrent whose metadata is known: its verified pieces, who reads them, and what is fetched for whom. */
export class ActiveTorrent {
  readonly info: TorrentInfo;
  readonly chunks: StoredFilm;
  readonly verified: Bitfield;
  readonly planner: TorrentPlanner;
  readonly #options: ActiveTorrentOptions;
  readonly #readers = new Set<RangeReader>();
  readonly #waiting = new Map<number, Set<() => void>>();
  readonly #selected = new Set<number>();
  #isPreparing = false;
  #expected: Playhead | undefined;
  #start: FilmStart = { kind: 'ahead' };
  /** Evicted, and not here again since: when. */
  readonly #released = new Map<number, number>();
  #urgent: ReadonlySet<number> = new Set();

  constructor(options: ActiveTorrentOptions) {
    this.#options = options;
    this.info = options.info;
    this.chunks = options.chunks;
    this.planner = new TorrentPlanner({
      info: options.info,
      chunks: options.chunks,
      clock: options.engine.clock,
      limits: options.limits.claims,
      signal: options.signal,
      random: () => options.engine.random(),
      onStoreError: (error) => options.onStoreError(error),
    });
    this.verified = this.planner.verified;
    this.planner.onVerified((piece) => this.#onVerified(piece), options.signal);
    this.chunks.needOf = (piece) => this.#needOf(piece);
    this.chunks.onChanged = (error) => options.onStoreError(error);
    this.chunks.onGone = (pieces, why) => this.#onGone(pieces, why);
  }

  /** Whether anybody has a stream of it open. */
  get isRead(): boolean {
    return this.#readers.size > 0;
  }

  /** Whether every piece of the chosen files is verified. */
  get isComplete(): boolean {
    if (this.verified.isFull) return true;
    if (this.#selected.size === 0) return false;
    return chosenRanges(this.info, this.#selected).every(({ first, last }) => {
      for (let piece = first; piece <= last; piece++) if (!this.verified.has(piece)) return false;
      return true;
    });
  }

  /** Of all files, chosen or not; taking the last piece for a whole one. */
  get missingBytes(): number {
    const { info, verified } = this;
    return verified.isFull ? 0 : Math.max(1, info.totalBytes - verified.count * info.pieceLengthBytes);
  }

  /** @throws {EngineCallError} `bad-request` when there is no such file. */
  select(fileIndex: number): void {
    this.#selected.add(this.#file(fileIndex).index);
    this.replan();
  }

  /** Chooses a file that will be read from its beginning in a moment. */
  expect(fileIndex: number): void {
    this.#expected = { fileIndex, positionBytes: 0 };
    this.select(fileIndex);
  }

  #playheads(): readonly Playhead[] {
    if (this.#expected !== undefined) return [this.#expected];
    return Array.from(this.#readers, (reader) => (this.#start.kind === 'reading' ? reader.firstPlayhead : reader.playhead));
  }

  /** Reading for the first picture has begun. */
  #beginStart(): void {
    if (this.#start.kind !== 'ahead') return;
    const { clock } = this.#options.engine;
    const { startWindowBytes, startWideBytes, startWideMs, startMs } = this.#options.limits;
    const timers = [clock.after(startWideMs, () => this.#widenStart(startWideBytes)), clock.after(startMs, () => this.pictureShown())];
    const cancel = (): void => {
      for (const cancelTimer of timers) cancelTimer();
    };
    this.#start = { kind: 'reading', windowBytes: startWindowBytes, cancel };
  }

  /** The film's head may be longer than most: the index of hours of film is. */
  #widenStart(windowBytes: number): void {
    if (this.#start.kind !== 'reading') return;
    this.#start = { ...this.#start, windowBytes };
    this.replan();
  }

  openStream({ fileIndex, startBytes }: { readonly fileIndex: number; readonly startBytes: number }, signal: AbortSignal): OpenedStream {
    const file = this.#file(fileIndex);
    const ended = AbortSignal.any([signal, this.#options.signal]);
    const reader = new RangeReader(this, file, contentType(file.path.at(-1) ?? ''), Math.min(startBytes, file.lengthBytes), ended);
    this.#readers.add(reader);
    this.#expected = undefined;
    this.#beginStart();
    this.#selected.add(file.index);
    ended.addEventListener('abort', () => {
      this.#readers.delete(reader);
      if (this.#readers.size === 0) this.#options.engine.clock.after(UNREAD_MS, () => this.#endUnreadStart());
      this.replan();
    });
    this.replan();
    return reader;
  }

  /** A reader went on; crossing into another piece shifts what is urgent. */
  movePlayheads(crossedPiece: boolean): void {
    if (crossedPiece) this.replan();
  }

  /** Nobody waits for the first picture any more. */
  #endUnreadStart(): void {
    if (this.#readers.size === 0 && this.#start.kind === 'reading') this.pictureShown();
  }

  /** The first picture is there: from now on as much is fetched as comes. */
  pictureShown(): void {
    if (this.#start.kind === 'over') return;
    if (this.#start.kind === 'reading') this.#start.cancel();
    this.#start = { kind: 'over' };
    this.replan();
  }

  replan(): void {
    if (this.#options.signal.aborted) return;
    const { limits, room } = this.#options;
    const start = this.#start;
    const isStarting = start.kind === 'reading';
    const windowBytes = boundedWindowBytes(isStarting ? start.windowBytes : limits.windowBytes, room.quotaBytes);
    const playheads = this.#playheads();
    let chosenBytes = 0;
    for (const fileIndex of this.#selected) chosenBytes += this.info.files[fileIndex]?.lengthBytes ?? 0;
    const plan = planPlayback({
      info: this.info,
      selectedFiles: this.#selected,
      playheads,
      windowBytes,
      aheadBytes: fetchAheadBytes(chosenBytes, room.budgetBytes(this.info.infoHash), windowBytes, playheads.length),
      released: new Set(this.#released.keys()),
    });
    this.#urgent = new Set(plan.urgent);
    this.planner.setPlan(isStarting ? { urgent: plan.urgent, wanted: [] } : plan);
  }

  /** Resolves once the piece is verified; rejects when the signal aborts. */
  whenVerified(piece: number, signal: AbortSignal): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const waiting = this.#waiting.get(piece) ?? new Set();
      this.#waiting.set(piece, waiting);
      const onAbort = (): void => {
        waiting.delete(onVerified);
        reject(signal.reason as Error);
      };
      const onVerified = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      waiting.add(onVerified);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** @throws {EngineCallError} `bad-request` when there is no such file. */
  leaveFileAt(fileIndex: number, positionS: number | undefined): void {
    this.chunks.index.leave(this.#file(fileIndex).index, positionS);
  }

  /** SPEC B3: whoever asks for such a piece may not have heard yet. */
  evictedLately(piece: number): boolean {
    const atMs = this.#released.get(piece);
    return atMs !== undefined && this.#options.engine.clock.now() - atMs < EVICTED_LATELY_MS;
  }

  /** As `EngineCalls.readVerified`. */
  async readVerified(fileIndex: number, startBytes: number, lengthBytes: number): Promise<Bytes | undefined> {
    const file = this.#file(fileIndex);
    if (startBytes + lengthBytes > file.lengthBytes)
      throw new EngineCallError('bad-request', notice('noSuchFile'), 'the file is shorter than that');
    const { first, last } = piecesOf(this.info, file, startBytes, startBytes + lengthBytes);
    for (let piece = first; piece <= last; piece++) if (!this.verified.has(piece)) return undefined;
    return readHeld(this.chunks, file.offsetBytes + startBytes, lengthBytes);
  }

  /** A view of the block, not to be changed nor given away. */
  async readBlock(piece: number, offsetBytes: number, lengthBytes: number): Promise<Uint8Array> {
    if (!this.verified.has(piece)) throw new RangeError('a piece was asked for that is not here');
    return this.chunks.view(piece * this.info.pieceLengthBytes + offsetBytes, lengthBytes);
  }

  /**
   * Brings a piece into memory that will be asked for in a moment: one at a time, since those who ask may never take it.
   * @returns false where that is not done
   */
  prepare(piece: number): boolean {
    if (this.#isPreparing || !this.chunks.keepsPieces || !this.verified.has(piece)) return false;
    this.#isPreparing = true;
    const end = (): void => {
      this.#isPreparing = false;
    };
    // Whoever reads it meets the error.
    this.readBlock(piece, 0, pieceSizeBytes(this.info, piece)).then(end, end);
    return true;
  }

  /** The block, if it need not be waited for: a view, not to be changed. */
  peekBlock(piece: number, offsetBytes: number, lengthBytes: number): Uint8Array | undefined {
    if (!this.verified.has(piece)) return undefined;
    return this.chunks.peek(piece * this.info.pieceLengthBytes + offsetBytes, lengthBytes);
  }

  files(): FileSnapshot[] {
    return this.info.files
      .filter(({ padding }) => !padding)
      .map((file) => ({
        index: file.index,
        path: file.path,
        kind: fileKind(file.path.at(-1) ?? ''),
        lengthBytes: file.lengthBytes,
        verifiedBytes: this.#verifiedBytes(file),
        ...(this.#selected.has(file.index) ? { verifiedRuns: verifiedRuns(this.info, file, this.verified) } : {}),
        selected: this.#selected.has(file.index),
        positionS: this.chunks.index.positionS(file.index),
      }));
  }

  /** Verified without a gap after the playhead that has least of it; undefined while nobody reads. */
  get aheadBytes(): number | undefined {
    if (this.#readers.size === 0) return undefined;
    return Math.min(...Array.from(this.#readers, ({ playhead }) => this.#aheadOf(playhead)));
  }

  /** As in `SessionSnapshot`. */
  get waitingBytes(): number {
    let bytes = 0;
    for (const [piece, waiting] of this.#waiting) if (waiting.size > 0) bytes += pieceSizeBytes(this.info, piece);
    return bytes;
  }

  #aheadOf({ fileIndex, positionBytes }: Playhead): number {
    const file = this.#file(fileIndex);
    const startBytes = file.offsetBytes + positionBytes;
    const endBytes = file.offsetBytes + file.lengthBytes;
    let atBytes = startBytes;
    while (atBytes < endBytes && this.verified.has(Math.floor(atBytes / this.info.pieceLengthBytes))) {
      atBytes = (Math.floor(atBytes / this.info.pieceLengthBytes) + 1) * this.info.pieceLengthBytes;
    }
    return Math.min(atBytes, endBytes) - startBytes;
  }

  /** What eviction spares: a piece that a playhead is at, and as long as it can be one that it will come to. */
  #needOf(piece: number): 'urgent' | 'ahead' | 'none' {
    if (this.#urgent.has(piece)) return 'urgent';
    const startBytes = piece * this.info.pieceLengthBytes;
    for (const { playhead } of this.#readers) {
      const file = this.info.files[playhead.fileIndex];
      if (file === undefined) continue;
      if (startBytes >= file.offsetBytes + playhead.positionBytes && startBytes < file.offsetBytes + file.lengthBytes) return 'ahead';
    }
    return 'none';
  }

  #onGone(pieces: readonly number[], why: 'evicted' | 'spoilt'): void {
    const nowMs = this.#options.engine.clock.now();
    if (why === 'evicted') for (const piece of pieces) this.#released.set(piece, nowMs);
    this.planner.forget(pieces);
    this.replan();
  }

  #onVerified(piece: number): void {
    this.#released.delete(piece);
    const waiting = this.#waiting.get(piece);
    this.#waiting.delete(piece);
    for (const onVerified of waiting ?? []) onVerified();
    this.#options.onVerified(piece);
  }

  #verifiedBytes(file: TorrentFile): number {
    if (file.lengthBytes === 0) return 0;
    if (this.verified.isFull) return file.lengthBytes;
    const { first, last } = piecesOf(this.info, file, 0, file.lengthBytes);
    let bytes = 0;
    for (let piece = first; piece <= last; piece++) {
      if (!this.verified.has(piece)) continue;
      const start = piece * this.info.pieceLengthBytes;
      const end = start + pieceSizeBytes(this.info, piece);
      bytes += Math.min(end, file.offsetBytes + file.lengthBytes) - Math.max(start, file.offsetBytes);
    }
    return bytes;
  }

  #file(index: number): TorrentFile {
    const file = this.info.files[index];
    if (file === undefined || file.padding) throw new EngineCallError('bad-request', notice('noSuchFile'));
    return file;
  }
}
