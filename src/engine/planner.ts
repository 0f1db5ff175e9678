import type { Bitfield } from '@/src/base/bitfield';
import type { Bytes } from '@/src/base/bytes';
import type { Clock } from '@/src/base/clock';
import type { SourceName, SourceSnapshot } from '@/src/protocol/engine-api';
import type { TorrentInfo } from '@/src/protocol/torrent-info';
import { chooseClaims, mayClaim, type Claim, type ClaimFacts, type ClaimLimits } from '@/src/scheduler/claim-policy';
import type { PlaybackPlan } from '@/src/scheduler/playback-window';
import type { TorrentChunks } from '@/src/store/chunk-store';
import { ListenerSet } from './listener-set';

/** Who fetches what: one for each torrent, shared by all its sources, so that no byte is bought twice. */
export interface PiecePlanner {
  readonly info: TorrentInfo;
  /** Shared; sources only read it. */
  readonly verified: Bitfield;
  /** Urgent (in order) and wanted pieces. */
  readonly plan: PlaybackPlan;
  /**
   * Claims up to `count` pieces for a source, most urgent first, then rarest by `rarity` if given (how many of its peers have the
   * piece). Nobody else fetches them until they are delivered or released.
   */
  claim(source: SourceName, canDeliver: (piece: number) => boolean, count: number, rarity?: (piece: number) => number): number[];
  /** Claims one piece a source chose itself; false when another source has it (and is not late). True again for its own claims. */
  tryClaim(source: SourceName, piece: number): boolean;
  /** What `tryClaim` would answer. */
  isOpen(source: SourceName, piece: number): boolean;
  release(source: SourceName, piece: number): void;
  releaseAll(source: SourceName): void;
  /** Bytes came from this source, of whatever piece: it is not late. */
  noteProgress(source: SourceName): void;
  /**
   * Hands over a piece that this source has verified (the buffer is given away); stored, announced to all other sources. Resolves when
   * it can be read, or could not be kept; never rejects.
   */
  deliver(source: SourceName, piece: number, bytes: Bytes): Promise<void>;
  /** A late claim was given to another source: stop fetching it if you can. */
  onTaken(source: SourceName, listener: (piece: number) => void, signal: AbortSignal): void;
  onVerified(listener: (piece: number, from: SourceName) => void, signal: AbortSignal): void;
  /** Pieces were let go of: they are not verified any more. */
  onGone(listener: (pieces: readonly number[]) => void, signal: AbortSignal): void;
  /** Plan or selection changed. */
  onPlan(listener: () => void, signal: AbortSignal): void;
}

/** One way to get the bytes of a torrent: what a session starts and stops with its mode. */
export interface Source {
  readonly name: SourceName;
  /** Idempotent. Before the metadata is known it looks for peers that know it. */
  start(): void;
  /** Idempotent. Lets go of every peer and every claimed piece; what was counted stays. */
  stop(): void;
  snapshot(nowMs: number): SourceSnapshot;
}

export interface PlannerOptions {
  readonly info: TorrentInfo;
  readonly chunks: Pick<TorrentChunks, 'verifiedAtOpen'> & { write(piece: number, bytes: Bytes): Promise<unknown> };
  readonly clock: Clock;
  readonly limits: ClaimLimits;
  /** From now on nothing is stored or told any more. */
  readonly signal: AbortSignal;
  /** 0 up to, not including, 1. */
  random(): number;
  /** A verified piece could not be kept. */
  onStoreError(error: unknown): void;
}

export class TorrentPlanner implements PiecePlanner {
  readonly info: TorrentInfo;
  readonly verified: Bitfield;
  readonly #options: PlannerOptions;
  readonly #claims = new Map<number, Claim>();
  readonly #activeAtMs = new Map<SourceName, number>();
  readonly #onTaken = new Map<SourceName, ListenerSet<[piece: number]>>();
  readonly #onVerified = new ListenerSet<[piece: number, from: SourceName]>();
  readonly #onGone = new ListenerSet<[pieces: readonly number[]]>();
  readonly #onPlan = new ListenerSet<[]>();
  #plan: PlaybackPlan = { urgent: [], wanted: [] };

  constructor(options: PlannerOptions) {
    this.#options = options;
    this.info = options.info;
    this.verified = options.chunks.verifiedAtOpen;
  }

  get plan(): PlaybackPlan {
    return this.#plan;
  }

  setPlan(plan: PlaybackPlan): void {
    this.#plan = plan;
    this.#onPlan.tell();
  }

  claim(source: SourceName, canDeliver: (piece: number) => boolean, count: number, rarity?: (piece: number) => number): number[] {
    if (count <= 0) return [];
    const wish = { count, canDeliver, rarity, random: () => this.#options.random() };
    const pieces = chooseClaims(this.#facts(source), wish);
    for (const piece of pieces) this.#give(piece, source);
    return pieces;
  }

  tryClaim(source: SourceName, piece: number): boolean {
    if (!this.isOpen(source, piece)) return false;
    if (this.#claims.get(piece)?.source !== source) this.#give(piece, source);
    return true;
  }

  isOpen(source: SourceName, piece: number): boolean {
    const holder = this.#claims.get(piece)?.source;
    // The usual case, asked for each block.
    if (holder === undefined || holder === source) return !this.verified.has(piece);
    return mayClaim(this.#facts(source), piece);
  }

  release(source: SourceName, piece: number): void {
    if (this.#claims.get(piece)?.source === source) this.#claims.delete(piece);
  }

  releaseAll(source: SourceName): void {
    for (const [piece, claim] of this.#claims) if (claim.source === source) this.#claims.delete(piece);
  }

  noteProgress(source: SourceName): void {
    this.#activeAtMs.set(source, this.#options.clock.now());
  }

  async deliver(source: SourceName, piece: number, bytes: Bytes): Promise<void> {
    this.noteProgress(source);
    if (!this.verified.has(piece)) {
      try {
        await this.#options.chunks.write(piece, bytes);
      } catch (error) {
        this.release(source, piece);
        if (!this.#options.signal.aborted) this.#options.onStoreError(error);
        return;
      }
    }
    this.#claims.delete(piece);
    if (this.#options.signal.aborted || !this.verified.add(piece)) return;
    this.#onVerified.tell(piece, source);
  }

  onTaken(source: SourceName, listener: (piece: number) => void, signal: AbortSignal): void {
    const listeners = this.#onTaken.get(source) ?? new ListenerSet();
    this.#onTaken.set(source, listeners);
    listeners.add(listener, signal);
  }

  onVerified(listener: (piece: number, from: SourceName) => void, signal: AbortSignal): void {
    this.#onVerified.add(listener, signal);
  }

  onGone(listener: (pieces: readonly number[]) => void, signal: AbortSignal): void {
    this.#onGone.add(listener, signal);
  }

  /** These pieces, which were verified, are here no more. */
  forget(pieces: readonly number[]): void {
    for (const piece of pieces) this.verified.delete(piece);
    if (!this.#options.signal.aborted) this.#onGone.tell(pieces);
  }

  onPlan(listener: () => void, signal: AbortSignal): void {
    this.#onPlan.add(listener, signal);
  }

  #give(piece: number, source: SourceName): void {
    const former = this.#claims.get(piece)?.source;
    this.#claims.set(piece, { source, claimedAtMs: this.#options.clock.now() });
    if (former !== undefined && former !== source) this.#onTaken.get(former)?.tell(piece);
  }

  #facts(source: SourceName): ClaimFacts {
    return {
      source,
      verified: this.verified,
      plan: this.#plan,
      claims: this.#claims,
      nowMs: this.#options.clock.now(),
      limits: this.#options.limits,
      activeAtMs: (other) => this.#activeAtMs.get(other) ?? 0,
    };
  }
}
