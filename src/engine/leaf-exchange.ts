import type { Bytes } from '@/src/base/bytes';
import type { Clock } from '@/src/base/clock';
import type { HashesMessage, HashRange, HashRequestMessage } from '@/src/protocol/hash-messages';
import { leafHashes } from '@/src/protocol/merkle';
import type { EngineOptions } from './engine-options';
import type { Peer } from './peer';
import type { PieceLayers } from './piece-layers';

/** Peers asked for the blocks of one piece, one after the other. */
const MAX_ASKED = 3;
const LATE_AFTER_MS = 2000;
/** Each costs reading and hashing a piece; an honest peer asks when a piece has failed, which has a liar in it. */
const MAX_SERVED = 50;

export interface LeafExchangeOptions {
  readonly clock: Clock;
  readonly engine: Pick<EngineOptions, 'sha256'>;
  readonly layers: PieceLayers;
  /** Peers with the piece. */
  holders(piece: number): readonly Peer[];
  /** A verified piece; undefined when it is not here. */
  readPiece(piece: number): Promise<Bytes | undefined>;
}

type Settle = (leaves: Bytes | undefined) => void;

/** Gets and serves the hashes of a piece's blocks (SPEC H6): they name the author of a bad block before the piece is known. */
export class LeafExchange {
  readonly #options: LeafExchangeOptions;
  readonly #owed = new Map<Peer, Map<number, Settle>>();
  readonly #served = new Map<Peer, number>();
  /** One after the other, for whomever: each takes a piece of memory while it is read and hashed. */
  #answering = Promise.resolve();

  constructor(options: LeafExchangeOptions) {
    this.#options = options;
  }

  /** Undefined when nobody tells. */
  async leavesOf(piece: number): Promise<Bytes | undefined> {
    const run = this.#options.layers.leafRunOf(piece);
    if (run === undefined) return undefined;
    // Of files with the same bytes the answer may name another's piece.
    const named = this.#options.layers.pieceOfLeaves(run) ?? piece;
    for (const peer of this.#options.holders(piece).slice(0, MAX_ASKED)) {
      const leaves = await this.#ask(peer, named, run);
      if (leaves !== undefined) return leaves;
    }
    return undefined;
  }

  removePeer(peer: Peer): void {
    for (const settle of this.#owed.get(peer)?.values() ?? []) settle(undefined);
    this.#owed.delete(peer);
    this.#served.delete(peer);
  }

  receive(peer: Peer, message: HashRequestMessage | HashesMessage): void {
    const piece = this.#options.layers.pieceOfLeaves(message);
    if (message.type === 'hash-request') return this.#serve(peer, message, piece);
    const settle = piece === undefined ? undefined : this.#owed.get(peer)?.get(piece);
    if (piece === undefined || settle === undefined) return peer.drop('H2: hashes nobody asked for');
    this.#owed.get(peer)?.delete(piece);
    if (message.type !== 'hashes') return settle(undefined);
    const isProven = this.#options.layers.provesLeaves(piece, message.hashes);
    settle(isProven ? message.hashes.slice() : undefined);
    if (!isProven) peer.drop('H3: hashes that do not verify');
  }

  #ask(peer: Peer, piece: number, run: HashRange): Promise<Bytes | undefined> {
    const owed = this.#owed.get(peer) ?? new Map<number, Settle>();
    if (peer.isGone || owed.has(piece)) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      // What comes later is still owed, only nobody waits for it.
      const cancelTimer = this.#options.clock.after(LATE_AFTER_MS, () => resolve(undefined));
      const settle = (leaves: Bytes | undefined): void => {
        cancelTimer();
        resolve(leaves);
      };
      this.#owed.set(peer, owed.set(piece, settle));
      peer.send({ type: 'hash-request', ...run });
    });
  }

  #serve(peer: Peer, range: HashRange, piece: number | undefined): void {
    const served = (this.#served.get(peer) ?? 0) + 1;
    this.#served.set(peer, served);
    if (served > MAX_SERVED) return peer.drop('H4: asks for hashes over and over');
    this.#answering = this.#answering.then(() => this.#answer(peer, range, piece));
  }

  async #answer(peer: Peer, { root, layer, index, length }: HashRange, piece: number | undefined): Promise<void> {
    const hashes = piece === undefined || peer.isGone ? undefined : await this.#hashesOf(piece).catch(() => undefined);
    if (peer.isGone) return;
    peer.send(
      hashes === undefined ? { type: 'hash-reject', root, layer, index, length } : { type: 'hashes', root, layer, index, length, hashes },
    );
  }
  /** Undefined when the piece is not here. */
  async #hashesOf(piece: number): Promise<Bytes | undefined> {
    const bytes = await this.#options.readPiece(piece);
    return bytes === undefined ? undefined : leafHashes(this.#options.engine, bytes);
  }
}
