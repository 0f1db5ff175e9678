import type { Clock } from '@/src/base/clock';
import { assignSlots, ROUND_MS, slotCount, type Slot } from '@/src/scheduler/upload-slots';
import type { Peer } from './peer';

export interface ChokerOptions {
  readonly clock: Clock;
  /** Infinity for none. */
  limitBytesPerSecond(): number;
  /** All that went out lately. */
  sentBytesPerSecond(nowMs: number): number;
  /** Something that is wanted is still missing. */
  isFetching(): boolean;
  /** Whether something is here that the peer has not. */
  lacks(peer: Peer): boolean;
  /** What it asked for waits, or is on its way. */
  isServing(peer: Peer): boolean;
  /** Tells it, and rejects what it waits for. */
  choke(peer: Peer): void;
  unchoke(peer: Peer): void;
}

interface Mark {
  readonly atMs: number;
  readonly gaveBytes: number;
  readonly tookBytes: number;
}

interface Standing {
  slot: Slot | undefined;
  sinceMs: number;
  slotsHad: number;
  askedAtMs: number;
  /** At the last two rounds: rates are of 10 to 20 s. */
  marks: readonly Mark[];
}

/** Keeps the upload slots of one swarm (SPEC section C): a round every ten seconds, and whenever somebody comes, goes, or begins to ask. */
export class Choker {
  readonly #options: ChokerOptions;
  readonly #standings = new Map<Peer, Standing>();
  #slots = 0;
  #roundAtMs: number;

  constructor(options: ChokerOptions) {
    this.#options = options;
    this.#roundAtMs = options.clock.now();
  }

  add(peer: Peer): void {
    const nowMs = this.#options.clock.now();
    this.#standings.set(peer, {
      slot: 'free',
      sinceMs: nowMs,
      slotsHad: 0,
      askedAtMs: Number.NEGATIVE_INFINITY,
      marks: [mark(peer, nowMs)],
    });
  }

  remove(peer: Peer): void {
    if (this.#standings.delete(peer) && this.#hasChoked) this.#assign(false);
  }

  isChoked(peer: Peer): boolean {
    const standing = this.#standings.get(peer);
    return standing !== undefined && standing.slot === undefined;
  }

  /** The peer asks for a block: may it? Whoever has asked for nothing lately needs a slot first. */
  mayAsk(peer: Peer): boolean {
    const standing = this.#standings.get(peer);
    if (standing?.slot === undefined) return false;
    standing.askedAtMs = this.#options.clock.now();
    if (standing.slot === 'free') this.#assign(false);
    return standing.slot !== undefined;
  }

  /** Often enough that a round is not missed. */
  tick(): void {
    const nowMs = this.#options.clock.now();
    const isRound = nowMs - this.#roundAtMs >= ROUND_MS;
    if (isRound) this.#roundAtMs = nowMs;
    // Slots are taken away at rounds only; those that are added help at once.
    if (isRound || (this.#hasChoked && this.#slotsNow(nowMs) > this.#slots)) this.#assign(isRound);
  }

  get #hasChoked(): boolean {
    for (const { slot } of this.#standings.values()) if (slot === undefined) return true;
    return false;
  }

  #slotsNow(nowMs: number): number {
    return slotCount(this.#options.limitBytesPerSecond(), this.#options.sentBytesPerSecond(nowMs));
  }

  #assign(isRound: boolean): void {
    const nowMs = this.#options.clock.now();
    const slots = this.#slotsNow(nowMs);
    this.#slots = isRound ? slots : Math.max(slots, this.#slots);
    const peers = Array.from(this.#standings, ([peer, standing]) => ({
      id: peer,
      wants: this.#wants(peer, standing, nowMs),
      ...ratesSince(standing.marks[0], mark(peer, nowMs)),
      ...standing,
    }));
    const assigned = assignSlots({ peers, slots: this.#slots, isFetching: this.#options.isFetching(), isRound, nowMs });
    for (const [peer, standing] of this.#standings) {
      if (isRound) standing.marks = [...standing.marks, mark(peer, nowMs)].slice(-2);
      this.#give(peer, standing, assigned.get(peer), nowMs);
    }
  }

  /** Those who are choked cannot ask: they are taken to want what they lack. */
  #wants(peer: Peer, { slot, askedAtMs }: Standing, nowMs: number): boolean {
    if (slot === undefined) return this.#options.lacks(peer);
    return nowMs - askedAtMs < ROUND_MS || this.#options.isServing(peer);
  }

  #give(peer: Peer, standing: Standing, slot: Slot | undefined, nowMs: number): void {
    const before = standing.slot;
    if (slot === before) return;
    standing.slot = slot;
    // A turn that becomes an earned slot, and the other way round, is a new one: time is counted anew.
    standing.sinceMs = nowMs;
    if (slot !== undefined && slot !== 'free') standing.slotsHad++;
    if (slot === undefined) this.#options.choke(peer);
    else if (before === undefined) {
      // Whether it wants its turn shows within the next round.
      standing.askedAtMs = nowMs;
      this.#options.unchoke(peer);
    }
  }
}

function mark({ traffic }: Peer, atMs: number): Mark {
  const { downloadedBytes, wastedBytes, uploadedBytes } = traffic.totals();
  return { atMs, gaveBytes: downloadedBytes - wastedBytes, tookBytes: uploadedBytes };
}

function ratesSince(before: Mark | undefined, now: Mark): { givesBytesPerSecond: number; takesBytesPerSecond: number } {
  const seconds = Math.max(1, now.atMs - (before?.atMs ?? now.atMs)) / 1000;
  return {
    givesBytesPerSecond: (now.gaveBytes - (before?.gaveBytes ?? 0)) / seconds,
    takesBytesPerSecond: (now.tookBytes - (before?.tookBytes ?? 0)) / seconds,
  };
}
