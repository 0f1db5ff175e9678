import type { Bytes } from '@/src/base/bytes';
import type { Pace } from '@/src/base/pace';
import type { BlockMessage, BlockRange } from '@/src/protocol/peer-messages';
import { pieceSizeBytes } from '@/src/protocol/torrent-info';
import { Availability } from '@/src/scheduler/availability';
import { BlockState } from '@/src/scheduler/block-state';
import { blockBytes, DEFAULT_FLOW_LIMITS, refillBytes, steerFlow } from '@/src/scheduler/flow-control';
import { pickBlocks } from '@/src/scheduler/piece-picker';
import type { EngineOptions } from './engine-options';
import type { Lane } from './lane';
import type { EngineLimits } from './limits';
import type { Peer } from './peer';
import type { PieceVerifier } from './piece-verifier';
import type { PiecePlanner } from './planner';
import { blocksOfRun } from './push-plan';
import type { PushedRun } from './push-inbox';
import { RequestPace } from './request-pace';
import { SuspectBlocks, type AuthoredBlock, type Judgement } from './suspect-blocks';

/** More of what is missing decides nothing more (lane-policy). */
const COUNTED_BYTES = 4 * 1024 * 1024;

export interface DownloaderOptions {
  readonly engine: EngineOptions;
  readonly limits: EngineLimits;
  readonly planner: PiecePlanner;
  readonly verify: PieceVerifier;
  /** Of torrents whose blocks have hashes of their own (SPEC H6): those of some bytes, and the right ones of a piece, if a peer tells them. */
  readonly leaves?: { hash(bytes: Bytes): Promise<Bytes>; of(piece: number): Promise<Bytes | undefined> };
  readonly signal: AbortSignal;
  readonly pace: Pace;
  /** Where bytes and waste are counted, besides each peer. */
  onDownloaded(peer: Peer, bytes: number): void;
  onWasted(peer: Peer | undefined, bytes: number, isCorrupt?: boolean): void;
}

interface BegunPiece {
  readonly state: BlockState;
  readonly bytes: Bytes;
  readonly blocks: AuthoredBlock[];
}

/** Fetches pieces of one torrent from native peers: claims, asks, puts together, verifies (SPEC B5), hands on to the planner. */
export class Downloader {
  readonly #options: DownloaderOptions;
  readonly #availability: Availability;
  readonly #begun = new Map<number, BegunPiece>();
  readonly #states = new Map<number, BlockState>();
  readonly #peers = new Set<Peer>();
  /** Pieces that failed: the next attempt asks one peer alone. */
  readonly #failed = new Set<number>();
  readonly #suspects: SuspectBlocks;
  readonly #pace: RequestPace;
  #paused = false;

  constructor(options: DownloaderOptions) {
    this.#options = options;
    const { planner, signal } = options;
    this.#pace = new RequestPace(options.pace, () => this.fillAll());
    this.#availability = new Availability(planner.info.pieceCount);
    this.#suspects = new SuspectBlocks((bytes) => options.leaves?.hash(bytes) ?? options.engine.sha1(bytes));
    planner.onPlan(() => this.fillAll(), signal);
    planner.onTaken('native', (piece) => this.#withdrawPiece(piece), signal);
    planner.onVerified((piece, from) => {
      if (from !== 'native') this.#abandon(piece);
    }, signal);
  }

  /** Of wanted pieces, in whole pieces; where there are more, some number over 4 MiB. */
  get missingBytes(): number {
    const { info, plan, verified } = this.#options.planner;
    const { pieceLengthBytes } = info;
    let missingBytes = 0;
    for (const { first, last } of plan.wanted) {
      for (let piece = first; piece <= last && missingBytes <= COUNTED_BYTES; piece++)
        if (!verified.has(piece)) missingBytes += pieceLengthBytes;
    }
    return missingBytes;
  }

  pause(): void {
    this.#paused = true;
    for (const peer of this.#peers) for (const lane of peer.lanes) this.#cancel(peer, lane, lane.owed.cancel());
    this.#options.planner.releaseAll('native');
  }

  resume(): void {
    this.#paused = false;
    this.fillAll();
  }

  addPeer(peer: Peer): void {
    if (peer.has === undefined) return;
    this.#peers.add(peer);
    this.#availability.addPeer(peer.has);
    this.#fill(peer);
  }

  peerHas(peer: Peer, piece: number): void {
    this.#availability.addPiece(piece);
    if (!this.#options.planner.verified.has(piece)) this.#fill(peer);
  }

  addLane(peer: Peer, lane: Lane): void {
    this.#fillLane(peer, lane);
  }

  /** SPEC L9: what it owed is asked of others. */
  removeLane(peer: Peer, lane: Lane): void {
    this.#release(peer, lane.owed.cancel());
    this.fillAll();
  }

  /** What it was asked for and let go of it rejects (SPEC B2). */
  peerLacks(piece: number): void {
    this.#availability.dropPiece(piece);
  }

  /** SPEC C2: what it owes it sends or rejects; what it alone was to send, others may. */
  choked(peer: Peer): void {
    // Over another lane its rejects may have been here before its choke.
    for (const piece of peer.rejected) if (peer.has?.add(piece) === true) this.#availability.addPiece(piece);
    peer.rejected.clear();
    for (const [piece, { state }] of this.#begun) {
      if (state.isComplete) continue;
      if (state.onlyPeer === peer.id) this.#forget(piece);
      else if (!this.#canAsk(piece)) this.#options.planner.release('native', piece);
    }
    this.fillAll();
  }

  /** The path to it is lost: what it owes may still come, but nobody waits for what only it could send. */
  away(): void {
    for (const [piece, { state }] of this.#begun) {
      if (!state.isComplete && !this.#canAsk(piece)) this.#options.planner.release('native', piece);
    }
    this.fillAll();
  }

  back(peer: Peer): void {
    this.#fill(peer);
  }

  unchoked(peer: Peer): void {
    this.#fill(peer);
  }

  /** SPEC N3: what it sends unasked counts as asked for from now on, and what came of it already is taken in. */
  adoptPush(peer: Peer, run: PushedRun, came: readonly BlockMessage[]): void {
    const { engine, planner } = this.#options;
    const blocks = blocksOfRun(planner.info, run);
    if (blocks === undefined) return peer.drop('N3: a push of blocks there are not');
    const nowMs = engine.clock.now();
    const lane = peer.first;
    lane.lastBlockAtMs = nowMs;
    for (const range of blocks) {
      lane.owed.ask(range, undefined);
      // Others have it, or bring it: when it comes it is thrown away.
      if (!planner.tryClaim('native', range.piece)) lane.owed.cancelRange(range);
      else (this.#states.get(range.piece) ?? this.#begin(range.piece, peer)).ask(peer.id, range.offsetBytes, range.lengthBytes, nowMs);
    }
    for (const block of came) if (!peer.isGone) this.receive(peer, block, lane);
  }

  removePeer(peer: Peer): void {
    if (this.#peers.delete(peer) && peer.has !== undefined) this.#availability.removePeer(peer.has);
    for (const lane of peer.lanes) this.#release(peer, lane.owed.cancel());
    for (const [piece, { state }] of this.#begun) {
      if (state.onlyPeer === peer.id && !state.isComplete) this.#forget(piece);
      // Half a piece is kept for the next peer, but another source may fetch it meanwhile.
      else if (!this.#canAsk(piece)) this.#options.planner.release('native', piece);
    }
    this.fillAll();
  }

  reject(peer: Peer, range: BlockRange, lane: Lane): void {
    const { kind } = lane.owed.settle(range.piece, range.offsetBytes, range.lengthBytes);
    if (kind === 'unsolicited') return peer.idle();
    if (kind === 'cancelled') return;
    if (!peer.isChoking) peer.failures++;
    const state = this.#states.get(range.piece);
    state?.release(peer.id, range.offsetBytes, range.lengthBytes);
    this.#pace.refund(range.lengthBytes);
    if (state?.onlyPeer === peer.id) this.#forget(range.piece);
    // It said it had the piece; asking it again at once would only be rejected again. Unless it just chokes us (SPEC C3).
    if (!peer.isChoking && peer.has?.delete(range.piece) === true) {
      peer.rejected.add(range.piece);
      this.#availability.dropPiece(range.piece);
    }
    this.fillAll();
  }

  receive(peer: Peer, block: BlockMessage, lane: Lane): void {
    const { engine, planner } = this.#options;
    const lengthBytes = block.payload.length;
    const settled = lane.owed.settle(block.piece, block.offsetBytes, lengthBytes);
    if (settled.kind === 'unsolicited') return peer.drop('B4: a block nobody asked for');
    const nowMs = engine.clock.now();
    lane.lastBlockAtMs = nowMs;
    peer.lastBulkAtMs = nowMs;
    peer.stalls = 0;
    this.#options.onDownloaded(peer, lengthBytes);
    planner.noteProgress('native');
    const begun = this.#begun.get(block.piece);
    if (settled.kind === 'cancelled' || begun === undefined) {
      this.#options.onWasted(peer, lengthBytes);
      return this.#fillLane(peer, lane);
    }
    // What came unasked says nothing of how long asking takes.
    if (settled.askedAtMs !== undefined) {
      const latencyMs = nowMs - settled.askedAtMs;
      const connections = peer.lanes.length;
      const { owedBytes } = lane.owed;
      const arrival = { latencyMs, nowMs, lengthBytes, owedBytes, rttMs: peer.path.rttMs, connections, waited: block.waited };
      lane.flow = steerFlow(lane.flow, arrival, DEFAULT_FLOW_LIMITS);
    }
    this.#withdraw(peer, begun.state, block.offsetBytes, lengthBytes);
    const newBytes = begun.state.receive(peer.id, block.offsetBytes, lengthBytes);
    if (newBytes < lengthBytes) this.#options.onWasted(peer, lengthBytes - newBytes);
    if (newBytes > 0) {
      begun.bytes.set(block.payload, block.offsetBytes);
      begun.blocks.push({ author: peer, offsetBytes: block.offsetBytes, lengthBytes });
    }
    // Only whoever completes it: a copy may still come while the piece is verified, and handing it on gives its buffer away.
    if (newBytes > 0 && begun.state.isComplete) void this.#verify(block.piece, begun);
    this.#fillLane(peer, lane);
  }

  /** Takes requests back from peers that went quiet, and asks late urgent blocks elsewhere. */
  tick(): void {
    const nowMs = this.#options.engine.clock.now();
    for (const peer of this.#peers) for (const lane of peer.lanes.slice()) this.#checkStall(peer, lane, nowMs);
    this.fillAll();
  }

  #checkStall(peer: Peer, lane: Lane, nowMs: number): void {
    // Whoever cannot be reached is no staller: its link is mended, or given up, for that.
    if (peer.isAway) lane.lastBlockAtMs = nowMs;
    if (lane.owed.isEmpty || nowMs - lane.lastBlockAtMs < this.#options.limits.stalledAfterMs) return;
    // The link is as good as its first connection; any other is one too many if it does not deliver.
    peer.failures += lane.owed.count;
    if (lane !== peer.first) return lane.link.close('it stopped sending');
    lane.lastBlockAtMs = nowMs;
    this.#cancel(peer, lane, lane.owed.cancel());
    if (++peer.stalls >= 2) peer.close('it stopped sending');
  }

  fillAll(): void {
    // Whoever went quiet is asked last: it would take the very blocks back that were just taken from it.
    for (const peer of [...this.#peers].sort((left, right) => left.stalls - right.stalls)) this.#fill(peer);
  }

  #fill(peer: Peer): void {
    for (const lane of peer.lanes) this.#fillLane(peer, lane);
  }

  #fillLane(peer: Peer, lane: Lane): void {
    const { engine, limits, planner } = this.#options;
    if (this.#paused || peer.isGone || !peer.canBeAsked || peer.has === undefined || !this.#peers.has(peer)) return;
    const leftBytes = lane.flow.windowBytes - lane.owed.owedBytes;
    if (leftBytes < refillBytes(lane.flow, peer.path.rttMs)) return;
    const wholeBytes = blockBytes(lane.flow, peer.path.rttMs);
    const openBytes = leftBytes - (leftBytes % wholeBytes);
    const budgetBytes = Math.min(openBytes, this.#pace.availableBytes);
    if (budgetBytes < wholeBytes) return this.#pace.want();
    const urgentBytes = budgetBytes - Math.min(openBytes, this.#pace.availableBytes - this.#pace.urgentBytes);
    const maxBegun = Math.max(2, Math.floor(limits.assemblyBytes / planner.info.pieceLengthBytes));
    if (this.#begun.size >= maxBegun) this.#forgetOrphans();
    const nowMs = engine.clock.now();
    const wasIdle = lane.owed.isEmpty;
    const picks = pickBlocks({
      peer: peer.id,
      peerHas: peer.has,
      verified: planner.verified,
      begun: this.#states,
      plan: planner.plan,
      availability: this.#availability,
      budgetBytes,
      urgentBytes,
      blockBytes: wholeBytes,
      newPieces: maxBegun - this.#begun.size,
      nowMs,
      lateAfterMs: limits.lateAfterMs,
      random: () => engine.random(),
      tryClaim: (piece) => planner.tryClaim('native', piece),
      isOpen: (piece) => planner.isOpen('native', piece),
      begin: (piece) => this.#begin(piece, peer),
    });
    if (picks.length > 0 && wasIdle) lane.lastBlockAtMs = nowMs;
    this.#pace.want();
    for (const range of picks) {
      this.#pace.spend(range.lengthBytes);
      lane.owed.ask(range, nowMs);
    }
    lane.request(picks);
  }

  #begin(piece: number, peer: Peer): BlockState {
    const sizeBytes = pieceSizeBytes(this.#options.planner.info, piece);
    const state = new BlockState(piece, sizeBytes, this.#failed.has(piece) ? peer.id : undefined);
    this.#begun.set(piece, { state, bytes: new Uint8Array(sizeBytes), blocks: [] });
    this.#states.set(piece, state);
    return state;
  }

  async #verify(piece: number, begun: BegunPiece): Promise<void> {
    const { planner, verify } = this.#options;
    const verified = await verify(piece, begun.bytes);
    // Another source was quicker, or the hash of a v2 piece came only after the piece was given up.
    if (this.#begun.get(piece) !== begun) return;
    if (!verified) return this.#blame(piece, begun);
    if (this.#failed.delete(piece)) await this.#judge(piece, begun.bytes);
    await planner.deliver('native', piece, begun.bytes);
    this.#forget(piece);
    this.fillAll();
  }

  /** SPEC B6: the only author of a bad piece lied; several share the suspicion until the piece is known. */
  async #blame(piece: number, begun: BegunPiece): Promise<void> {
    this.#failed.add(piece);
    const authors = new Set(begun.blocks.map(({ author }) => author));
    if (authors.size > 1) await this.#suspects.remember(piece, begun.bytes, begun.blocks);
    this.#forget(piece);
    for (const author of authors) {
      author.strikes++;
      this.#options.onWasted(author, Math.round(begun.bytes.length / authors.size), true);
      if (authors.size === 1 || author.strikes >= this.#options.limits.strikes) author.drop('B6: a piece that does not verify');
    }
    this.fillAll();
    // Meanwhile it is fetched again.
    const leaves = authors.size > 1 ? await this.#options.leaves?.of(piece) : undefined;
    if (leaves !== undefined) this.#sentence(await this.#suspects.judgeByLeaves(piece, leaves));
  }

  async #judge(piece: number, verified: Bytes): Promise<void> {
    this.#sentence(await this.#suspects.judge(piece, verified));
  }

  #sentence({ liars, cleared }: Judgement): void {
    for (const peer of cleared) peer.strikes--;
    for (const peer of liars) peer.drop('B6: a block that differs from the verified piece');
  }

  /** Others who owe what just came are told to keep it; what crosses is thrown away without blame. */
  #withdraw(peer: Peer, state: BlockState, offsetBytes: number, lengthBytes: number): void {
    const others = state.askedOthers(peer.id, offsetBytes, lengthBytes);
    if (others.size === 0) return;
    for (const other of this.#peers) {
      if (!others.has(other.id)) continue;
      for (const lane of other.lanes) this.#cancel(other, lane, lane.owed.overlapping(state.piece, offsetBytes, lengthBytes));
    }
  }

  /** Another source was given the piece: nobody is asked for it any more; what is here may still serve. */
  #withdrawPiece(piece: number): void {
    for (const peer of this.#peers) for (const lane of peer.lanes) this.#cancel(peer, lane, lane.owed.ofPiece(piece));
  }

  /** Another source was quicker. */
  #abandon(piece: number): void {
    const begun = this.#begun.get(piece);
    if (begun === undefined) return;
    this.#withdrawPiece(piece);
    this.#options.onWasted(undefined, begun.state.receivedBytes);
    this.#forget(piece);
    this.fillAll();
  }

  #cancel(peer: Peer, lane: Lane, ranges: readonly BlockRange[]): void {
    for (const { piece, offsetBytes, lengthBytes } of ranges) {
      lane.owed.cancelRange({ piece, offsetBytes, lengthBytes });
      lane.send({ type: 'cancel', piece, offsetBytes, lengthBytes });
    }
    this.#release(peer, ranges);
  }

  #release(peer: Peer, ranges: readonly BlockRange[]): void {
    for (const { piece, offsetBytes, lengthBytes } of ranges) {
      this.#states.get(piece)?.release(peer.id, offsetBytes, lengthBytes);
      this.#pace.refund(lengthBytes);
    }
  }

  /** Whether somebody has it, does not choke us, and is there. */
  #canAsk(piece: number): boolean {
    for (const peer of this.#peers) if (peer.canBeAsked && peer.has?.has(piece) === true) return true;
    return false;
  }

  /** Half pieces nobody sends the rest of: others need the memory. */
  #forgetOrphans(): void {
    for (const [piece, { state }] of this.#begun) if (!state.isComplete && !this.#canAsk(piece)) this.#forget(piece);
  }

  #forget(piece: number): void {
    this.#begun.delete(piece);
    this.#states.delete(piece);
    this.#options.planner.release('native', piece);
  }
}
