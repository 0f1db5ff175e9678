import type { Bytes } from '@/src/base/bytes';
import type { Clock } from '@/src/base/clock';
import type { HashesMessage, HashRange, HashRequestMessage } from '@/src/protocol/hash-messages';
import { isV2Only, type TorrentInfo } from '@/src/protocol/torrent-info';
import type { PlaybackPlan } from '@/src/scheduler/playback-window';
import type { EngineOptions } from './engine-options';
import { LeafExchange } from './leaf-exchange';
import type { Peer } from './peer';
import { PieceLayers, type PieceTarget } from './piece-layers';
import type { PieceTargets } from './piece-verifier';

/** Runs asked of one peer at once: 16 KiB of hashes. */
const WINDOW_RUNS = 2;
/** A run that is owed longer is asked of another peer, too. */
const LATE_AFTER_MS = 3000;
/** A peer that asks for all hashes more often than this is not after the hashes. */
const MAX_SERVINGS = 3;

export interface HashExchangeOptions {
  readonly info: TorrentInfo;
  readonly clock: Clock;
  readonly engine: Pick<EngineOptions, 'sha256'>;
  /** A verified piece; undefined when it is not here. */
  readPiece(piece: number): Promise<Bytes | undefined>;
  /** Which pieces are wanted, and in what order. */
  plan(): PlaybackPlan;
  /** What was kept of an earlier session. */
  readonly stored: Bytes | undefined;
  keep(hashes: Bytes): void;
}

interface AskedRun {
  readonly peer: Peer;
  readonly cancelTimer: () => void;
}

/** Gets the piece layers of a v2 torrent from peers and serves them (SPEC section H). Of other torrents there are none to pass on. */
export class HashExchange implements PieceTargets {
  readonly #options: HashExchangeOptions;
  readonly #layers: PieceLayers | undefined;
  readonly #leaves: LeafExchange | undefined;
  readonly #peers = new Set<Peer>();
  /** Runs each peer was asked for and has not answered. */
  readonly #owed = new Map<Peer, Set<string>>();
  readonly #refused = new Map<Peer, Set<string>>();
  readonly #asked = new Map<string, AskedRun>();
  readonly #served = new Map<Peer, number>();
  readonly #waiting = new Map<number, PromiseWithResolvers<PieceTarget>>();

  constructor(options: HashExchangeOptions) {
    this.#options = options;
    if (!isV2Only(options.info)) return;
    this.#layers = new PieceLayers(options.info);
    if (options.stored !== undefined) this.#layers.load(options.stored);
    this.#leaves = new LeafExchange({
      clock: options.clock,
      engine: options.engine,
      layers: this.#layers,
      holders: (piece) => [...this.#peers].filter(({ has }) => has?.has(piece) === true),
      readPiece: (piece) => options.readPiece(piece),
    });
  }

  async whenKnown(piece: number): Promise<PieceTarget> {
    const target = this.#layers?.targetOf(piece);
    if (target !== undefined) return target;
    const waiting = this.#waiting.get(piece) ?? Promise.withResolvers<PieceTarget>();
    this.#waiting.set(piece, waiting);
    return waiting.promise;
  }

  /** The hashes of a piece's blocks, if a peer tells them; undefined also where a torrent has none. */
  async leavesOf(piece: number): Promise<Bytes | undefined> {
    return this.#leaves?.leavesOf(piece);
  }

  /** Who has a piece has its hash, and those beside it. */
  addPeer(peer: Peer): void {
    this.#peers.add(peer);
    this.fill();
  }

  /** It has verified another piece: what it did not know before it may know now. */
  peerHas(peer: Peer): void {
    if (this.#refused.delete(peer)) this.fill();
  }

  removePeer(peer: Peer): void {
    this.#peers.delete(peer);
    this.#owed.delete(peer);
    this.#refused.delete(peer);
    this.#served.delete(peer);
    this.#leaves?.removePeer(peer);
    for (const [key, asked] of this.#asked) if (asked.peer === peer) this.#reopen(key);
    this.fill();
  }

  receive(peer: Peer, message: HashRequestMessage | HashesMessage): void {
    if (this.#leaves !== undefined && this.#layers?.isLeafLayer(message.layer) === true) return this.#leaves.receive(peer, message);
    if (message.type === 'hash-request') return this.#serve(peer, message);
    const key = keyOf(message);
    if (this.#owed.get(peer)?.delete(key) !== true) return peer.drop('H2: hashes nobody asked for');
    if (this.#asked.get(key)?.peer === peer) this.#reopen(key);
    if (message.type !== 'hashes') {
      const refused = this.#refused.get(peer) ?? new Set();
      this.#refused.set(peer, refused.add(key));
    } else if (this.#layers?.accept(message, message.hashes) !== true) {
      return peer.drop('H3: hashes that do not verify');
    } else {
      this.#learned(message.root);
    }
    this.fill();
  }

  /** Asks for what the plan wants, nearest the playhead first. */
  fill(): void {
    const layers = this.#layers;
    if (layers === undefined) return;
    const idle = [...this.#peers].filter((peer) => this.#room(peer) > 0);
    if (idle.length === 0) return;
    for (const run of this.#missing(layers)) {
      const key = keyOf(run);
      if (this.#asked.has(key)) continue;
      const peer = idle.find(
        (one) => this.#room(one) > 0 && !one.isGone && !this.#owes(one, key) && this.#refused.get(one)?.has(key) !== true,
      );
      if (peer !== undefined) this.#ask(peer, key, run);
      else if (idle.every((one) => this.#room(one) === 0)) return;
    }
  }

  #ask(peer: Peer, key: string, run: HashRange): void {
    const owed = this.#owed.get(peer) ?? new Set();
    this.#owed.set(peer, owed.add(key));
    const cancelTimer = this.#options.clock.after(LATE_AFTER_MS, () => {
      this.#asked.delete(key);
      this.fill();
    });
    this.#asked.set(key, { peer, cancelTimer });
    peer.send({ type: 'hash-request', ...run });
  }

  #learned(root: string): void {
    for (const [piece, waiting] of this.#waiting) {
      const target = this.#layers?.targetOf(piece);
      if (target === undefined) continue;
      this.#waiting.delete(piece);
      waiting.resolve(target);
    }
    if (this.#layers?.isWhole(root) === true) this.#options.keep(this.#layers.save());
  }

  #serve(peer: Peer, range: HashRange): void {
    const { root, layer, index, length } = range;
    const served = (this.#served.get(peer) ?? 0) + 1;
    this.#served.set(peer, served);
    const hashes = this.#layers?.answer(range);
    // Those that cannot be answered count too, with room for peers that do not know what is known here.
    if (served > MAX_SERVINGS * ((this.#layers?.runCount ?? 0) + 8)) return peer.drop('H4: asks for hashes over and over');
    peer.send(
      hashes === undefined ? { type: 'hash-reject', root, layer, index, length } : { type: 'hashes', root, layer, index, length, hashes },
    );
  }

  *#missing(layers: PieceLayers): Generator<HashRange> {
    const { urgent, wanted } = this.#options.plan();
    for (const piece of urgent) {
      const run = layers.missingRunOf(piece);
      if (run !== undefined) yield run;
    }
    for (const { first, last } of wanted) {
      for (let piece = first; piece <= last; piece++) {
        const run = layers.missingRunOf(piece);
        if (run !== undefined) yield run;
      }
    }
  }

  #room(peer: Peer): number {
    return WINDOW_RUNS - (this.#owed.get(peer)?.size ?? 0);
  }

  #owes(peer: Peer, key: string): boolean {
    return this.#owed.get(peer)?.has(key) === true;
  }

  #reopen(key: string): void {
    this.#asked.get(key)?.cancelTimer();
    this.#asked.delete(key);
  }
}

function keyOf({ root, layer, index, length }: HashRange): string {
  return `${root}:${layer}:${index}:${length}`;
}
