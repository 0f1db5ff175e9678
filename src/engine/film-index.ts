import * as v from 'valibot';
import type { Bytes } from '@/src/base/bytes';

const MINUTE_MS = 60_000;
const MAX_POSITIONS = 200;
/** Every piece of a torrent with the most there can be used in another minute than the one before. */
const MAX_INDEX_BYTES = 16 * 1024 * 1024;

const counter = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const seconds = v.pipe(v.number(), v.finite(), v.minValue(0));
const storedIndex = v.object({
  version: v.literal(1),
  watchedAtMs: v.pipe(v.number(), v.finite()),
  /** Runs of pieces used in the same minute: first piece and minute, in ascending order. */
  used: v.array(v.tuple([counter, counter])),
  positions: v.pipe(v.array(v.tuple([counter, seconds])), v.maxLength(MAX_POSITIONS)),
});

/** What is remembered of a stored film besides its bytes: when each piece was used last, and where each file was left. */
export class FilmIndex {
  /** When somebody last watched it, in ms since the epoch. */
  watchedAtMs: number;
  readonly #usedAtMinutes: Uint32Array;
  /** File and second, the one left last at the end. */
  readonly #positions: Map<number, number>;
  #changed = false;

  private constructor(pieceCount: number, watchedAtMs: number, positions: Map<number, number>) {
    this.watchedAtMs = watchedAtMs;
    this.#usedAtMinutes = new Uint32Array(pieceCount);
    this.#positions = positions;
  }

  /** Whatever is not as it was saved is given up: it costs an order of eviction and a place in a film, no more. */
  static decode(bytes: Bytes | undefined, pieceCount: number, nowMs: number): FilmIndex {
    const stored = parse(bytes);
    if (stored === undefined) return new FilmIndex(pieceCount, nowMs, new Map());
    const index = new FilmIndex(pieceCount, Math.min(stored.watchedAtMs, nowMs), new Map(stored.positions));
    for (const [at, [first, minutes]] of stored.used.entries()) index.#usedAtMinutes.fill(minutes, first, stored.used[at + 1]?.[0]);
    return index;
  }

  encode(): Bytes {
    const used: [number, number][] = [];
    for (const [piece, minutes] of this.#usedAtMinutes.entries()) if (used.at(-1)?.[1] !== minutes) used.push([piece, minutes]);
    const stored: v.InferOutput<typeof storedIndex> = {
      version: 1,
      watchedAtMs: this.watchedAtMs,
      used,
      positions: [...this.#positions],
    };
    return new TextEncoder().encode(JSON.stringify(stored));
  }

  /** Whether there is something to save; asking makes it saved. */
  takeChanged(): boolean {
    const changed = this.#changed;
    this.#changed = false;
    return changed;
  }

  usedAtMinutes(piece: number): number {
    return this.#usedAtMinutes[piece] ?? 0;
  }

  /** A piece came. */
  came(piece: number, nowMs: number): void {
    this.#usedAtMinutes[piece] = Math.floor(nowMs / MINUTE_MS);
    this.#changed = true;
  }

  watched(piece: number, nowMs: number): void {
    this.watchedAtMs = nowMs;
    this.came(piece, nowMs);
  }

  /** Where a file was left, in seconds; undefined at its beginning or end. */
  positionS(fileIndex: number): number | undefined {
    return this.#positions.get(fileIndex);
  }

  leave(fileIndex: number, positionS: number | undefined): void {
    this.#positions.delete(fileIndex);
    if (positionS !== undefined) this.#positions.set(fileIndex, positionS);
    const [oldest] = this.#positions.keys();
    if (this.#positions.size > MAX_POSITIONS && oldest !== undefined) this.#positions.delete(oldest);
    this.#changed = true;
  }
}

function parse(bytes: Bytes | undefined): v.InferOutput<typeof storedIndex> | undefined {
  if (bytes === undefined || bytes.length > MAX_INDEX_BYTES) return undefined;
  try {
    const parsed = v.safeParse(storedIndex, JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
