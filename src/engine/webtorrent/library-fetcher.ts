import type { Clock } from '@/src/base/clock';
import { pieceSizeBytes } from '@/src/protocol/torrent-info';
import { runsByUrgency } from '@/src/scheduler/piece-runs';
import type { EngineLimits } from '../limits';
import type { PiecePlanner } from '../planner';
import type { Traffic } from '../traffic';
import { BlockAuthors } from './block-authors';
import { adoptPieces, hidePiece, releasePieces, selectRuns, type LibraryTorrent } from './library';
import type { WirePeer } from './wire-peer';

/** Claimed ahead, in time at the present rate. */
const AHEAD_SECONDS = 1.5;
/** A failed piece is asked of one peer alone for this long. */
const ALONE_MS = 5000;
/** How long a peer that has much to say waits for what follows from it. */
const PLAN_SOON_MS = 50;
/** Pieces to be played next are claimed however many others are on their way. */
const NEXT_PIECES = 2;

export interface LibraryFetcherOptions {
  readonly torrent: LibraryTorrent;
  readonly planner: PiecePlanner;
  readonly limits: EngineLimits;
  readonly clock: Clock;
  readonly traffic: Traffic;
  readonly signal: AbortSignal;
  /** Nobody was told yet what is here: nobody need be told of single pieces. */
  readonly isFresh: boolean;
  readonly random: () => number;
  readonly peers: () => readonly WirePeer[];
  /** The peer sent what does not verify. */
  onLiar(peer: WirePeer): void;
}

interface Suspicion {
  /** The one peer that is asked. */
  readonly alone: WirePeer;
  readonly sinceMs: number;
  readonly unhide: readonly (() => void)[];
}

/** Keeps what the library fetches to the pieces this source has claimed, and tells it of pieces that came otherwise. */
export class LibraryFetcher {
  readonly #options: LibraryFetcherOptions;
  readonly #claimed = new Set<number>();
  readonly #authors = new BlockAuthors<WirePeer>();
  readonly #suspicions = new Map<number, Suspicion>();
  #selected: ReadonlySet<number> = new Set();
  #hasStarted = false;
  #isPlanning = false;
  #plansSoon = false;

  constructor(options: LibraryFetcherOptions) {
    this.#options = options;
    const { planner, signal, torrent } = options;
    adoptPieces(torrent, verifiedPieces(planner), options.isFresh);
    planner.onPlan(() => this.#onPlan(), signal);
    planner.onTaken('webtorrent', (piece) => this.#onTaken(piece), signal);
    planner.onVerified((piece, from) => this.#onVerified(piece, from !== 'webtorrent'), signal);
    planner.onGone((pieces) => this.#onGone(pieces), signal);
    signal.addEventListener('abort', () => planner.releaseAll('webtorrent'), { once: true });
    this.plan();
  }

  /** Peers came or went, or can deliver other pieces. */
  plan(): void {
    // Selecting makes the library emit events that lead back here.
    if (this.#isPlanning || this.#options.signal.aborted || this.#options.torrent.destroyed) return;
    this.#isPlanning = true;
    this.#claim();
    this.#select();
    this.#isPlanning = false;
  }

  /** The same, together with what else changes meanwhile. */
  planSoon(): void {
    if (this.#plansSoon) return;
    this.#plansSoon = true;
    this.#options.clock.after(PLAN_SOON_MS, () => {
      this.#plansSoon = false;
      this.plan();
    });
  }

  tick(): void {
    const { clock } = this.#options;
    for (const [piece, { sinceMs }] of this.#suspicions) if (clock.now() - sinceMs >= ALONE_MS) this.#clear(piece);
    this.plan();
  }

  onBlock(peer: WirePeer, piece: number, offsetBytes: number, bytes: Uint8Array): void {
    const { planner, traffic, clock } = this.#options;
    const nowMs = clock.now();
    planner.noteProgress('webtorrent');
    peer.traffic.downloaded(bytes.length, nowMs);
    traffic.downloaded(bytes.length, nowMs);
    if (planner.verified.has(piece) || !this.#authors.note(peer, piece, offsetBytes, bytes)) {
      peer.traffic.wasted(bytes.length);
      traffic.wasted(bytes.length);
    }
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    this.plan();
  }

  /** The piece has verified, and is not stored yet: those who lied about it before are known now. */
  onBytes(piece: number, bytes: Uint8Array): void {
    for (const liar of this.#authors.settle(piece, bytes)) this.#options.onLiar(liar);
  }

  onFailed(piece: number): void {
    const { planner, limits, traffic, torrent } = this.#options;
    if (planner.verified.has(piece)) return adoptPieces(torrent, [piece]);
    const authors = [...this.#authors.fail(piece)];
    traffic.wasted(pieceSizeBytes(planner.info, piece), true);
    this.#clear(piece);
    for (const author of authors) {
      author.strikes++;
      if (authors.length === 1 || author.strikes >= limits.strikes * 2) this.#options.onLiar(author);
    }
    if (authors.length > 1) this.#askAlone(piece, authors);
    this.plan();
  }

  onPeerGone(peer: WirePeer): void {
    for (const [piece, { alone }] of this.#suspicions) if (alone === peer) this.#clear(piece);
    this.plan();
  }

  #claim(): void {
    const { planner, limits } = this.#options;
    const peers = this.#options.peers().filter(({ isOpen }) => isOpen);
    const canDeliver = (piece: number): boolean => peers.some((peer) => peer.has(piece));
    for (const piece of this.#claimed) if (!canDeliver(piece)) this.#release(piece);
    if (peers.length === 0) return;
    const rate = peers.reduce((total, { wire }) => total + wire.downloadSpeed(), 0);
    const { pieceLengthBytes } = planner.info;
    const most = Math.max(2, Math.floor(limits.assemblyBytes / pieceLengthBytes));
    const hasStarted = this.#hasStarted;
    // What a wire is asked for first is the end of the last selection: until something came there is only one.
    const target = hasStarted ? Math.min(most, Math.ceil((rate * AHEAD_SECONDS) / pieceLengthBytes) + peers.length) : 1;
    const next = planner.plan.urgent.filter((piece) => !planner.verified.has(piece)).slice(0, NEXT_PIECES);
    const missingNext = hasStarted && this.#claimed.size < 2 * most ? next.filter((piece) => !this.#claimed.has(piece)).length : 0;
    const rarity = (piece: number): number => peers.filter((peer) => peer.has(piece)).length;
    // Half of them at a time: each claim looks at all that is open, and each selection makes the library start over.
    const missing = this.#claimed.size > target / 2 ? 0 : target - this.#claimed.size;
    const count = Math.max(missing, missingNext);
    for (const piece of planner.claim('webtorrent', canDeliver, count, rarity)) this.#claimed.add(piece);
    for (const peer of hasStarted ? peers : []) this.#keepBusy(peer);
  }

  /** A peer that has nothing of what is claimed gets a piece of its own. */
  #keepBusy(peer: WirePeer): void {
    for (const piece of this.#claimed) if (peer.has(piece)) return;
    for (const piece of this.#options.planner.claim('webtorrent', (candidate) => peer.has(candidate), 1)) this.#claimed.add(piece);
  }

  #select(): void {
    const { planner, torrent } = this.#options;
    if (!this.#isSelectionStale()) return;
    this.#selected = new Set(this.#claimed);
    selectRuns(torrent, runsByUrgency(this.#claimed, planner.plan.urgent));
  }

  /** What has come since needs no new selection: the library passes over what it has. */
  #isSelectionStale(): boolean {
    const { verified } = this.#options.planner;
    for (const piece of this.#claimed) if (!this.#selected.has(piece)) return true;
    for (const piece of this.#selected) if (!this.#claimed.has(piece) && !verified.has(piece)) return true;
    return false;
  }

  /** After a seek what was claimed for the old place, and not begun, is free for others and for later. */
  #onPlan(): void {
    const { planner, peers } = this.#options;
    const urgent = new Set(planner.plan.urgent);
    for (const piece of this.#claimed) {
      const begun = this.#authors.receivedBytes(piece) > 0 || peers().some((peer) => peer.isAsking(piece));
      if (!begun && !urgent.has(piece)) this.#release(piece);
    }
    this.plan();
  }

  #onTaken(piece: number): void {
    this.#claimed.delete(piece);
    for (const { wire } of this.#options.peers()) {
      for (const { offset, length } of wire.requests.filter((request) => request.piece === piece)) wire.cancel(piece, offset, length);
    }
    this.plan();
  }

  #onVerified(piece: number, cameOtherwise: boolean): void {
    const { traffic, torrent } = this.#options;
    this.#claimed.delete(piece);
    this.#clear(piece);
    if (cameOtherwise) {
      traffic.wasted(this.#authors.receivedBytes(piece));
      adoptPieces(torrent, [piece]);
    }
    this.#authors.forget(piece);
    this.plan();
  }

  /** What was let go of may be claimed again: the library has to be told anew then. */
  #onGone(pieces: readonly number[]): void {
    const gone = new Set(pieces);
    this.#selected = new Set([...this.#selected].filter((piece) => !gone.has(piece)));
    releasePieces(this.#options.torrent, pieces);
  }

  #release(piece: number): void {
    this.#claimed.delete(piece);
    this.#options.planner.release('webtorrent', piece);
  }

  /** Several had a part in a piece that failed: the next attempt has one author, so that it tells who lied. */
  #askAlone(piece: number, authors: readonly WirePeer[]): void {
    const { clock, random, peers } = this.#options;
    const candidates = authors.filter((author) => author.isOpen);
    const alone = candidates[Math.floor(random() * candidates.length)];
    if (alone === undefined) return;
    const others = peers().filter((peer) => peer !== alone && peer.has(piece));
    this.#suspicions.set(piece, { alone, sinceMs: clock.now(), unhide: others.map(({ wire }) => hidePiece(wire, piece)) });
  }

  #clear(piece: number): void {
    for (const unhide of this.#suspicions.get(piece)?.unhide ?? []) unhide();
    this.#suspicions.delete(piece);
  }
}

function* verifiedPieces({ verified }: PiecePlanner): Generator<number> {
  for (let piece = 0; piece < verified.length; piece++) if (verified.has(piece)) yield piece;
}
