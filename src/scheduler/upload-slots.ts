/*
 * Who is served blocks now, and who has to wait (SPEC section C). Weighs, in this order:
 * 1. who takes part: peers that ask for nothing need no slot, and as many as there are slots are all served;
 * 2. while we fetch ourselves, what each gave lately, most first (tit for tat, BEP 3): who only takes gets what the others leave;
 * 3. a quarter of the slots, and all that givers leave, go round by turns of 30 s (optimistic unchoke): whoever is new, or is ahead of us
 *    in the film, has nothing to give back;
 * 4. whose turn it is: who has waited longest;
 * 5. newcomers: a picture waits for their first piece, and they cannot have earned anything. For 10 s they are guests beside the slots, half
 *    as many at a time, which is a price that strangers cannot raise; then they have something to give, or wait like everybody else;
 * 6. when nothing is left to fetch, turns alone, as in libtorrent's round robin. Its fastest-upload order would let one fast line that passes
 *    nothing on take all; here the fastest takers only keep their turn longest where fewer wait than turns are over.
 * Between two rounds who earned a slot keeps it: rates of a moment are noise.
 */

/** How often givers are compared (BEP 3). */
export const ROUND_MS = 10_000;
/** How long a turn lasts while others wait (BEP 3). */
export const TURN_MS = 30_000;
/** How long a newcomer is served at once. */
const GUEST_MS = 10_000;
/** One of so many slots is for turns. */
const SLOTS_PER_TURN = 4;
/** One guest for so many slots. */
const SLOTS_PER_GUEST = 2;

const FEWEST_SLOTS = 2;
const USUAL_SLOTS = 8;
/** Each of the first slots is to be worth that much: fewer peers are served, at a rate that is of use to them. */
const SLOT_BYTES_PER_SECOND = 64 * 1024;
/** Each further one: the rate of a film. */
const FURTHER_SLOT_BYTES_PER_SECOND = 256 * 1024;

/** `free`: it asks for nothing, so it takes no slot. `guest`: beside the slots. */
export type Slot = 'free' | 'earned' | 'turn' | 'guest';

export interface SlotCandidate<Id> {
  readonly id: Id;
  /** It would ask for something, as far as can be told. */
  readonly wants: boolean;
  /** What it gave to us, and took from us, lately. */
  readonly givesBytesPerSecond: number;
  readonly takesBytesPerSecond: number;
  /** What it has now; undefined while it is choked. */
  readonly slot: Slot | undefined;
  /** Since when: since it was linked, at first. */
  readonly sinceMs: number;
  /** Slots it has had, but for `free` ones. */
  readonly slotsHad: number;
}

export interface SlotFacts<Id> {
  readonly peers: readonly SlotCandidate<Id>[];
  readonly slots: number;
  /** Something we want is still missing. */
  readonly isFetching: boolean;
  /** Givers are compared anew. */
  readonly isRound: boolean;
  readonly nowMs: number;
}

/** Those that are left out are choked. */
export function assignSlots<Id>(facts: SlotFacts<Id>): ReadonlyMap<Id, Slot> {
  const { peers, slots } = facts;
  const assigned = new Map<Id, Slot>();
  for (const { id, wants } of peers) if (!wants) assigned.set(id, 'free');
  const wanting = peers.filter(({ wants }) => wants);
  const forTurns = Math.max(1, Math.floor(slots / SLOTS_PER_TURN));
  const earned = facts.isFetching ? byWhatTheyGave(wanting, facts).slice(0, slots - forTurns) : [];
  for (const { id } of earned) assigned.set(id, 'earned');
  const others = wanting.filter(({ id }) => !assigned.has(id));
  for (const { id } of byTurn(others, slots - earned.length, facts.nowMs)) assigned.set(id, 'turn');
  const newcomers = others.filter((peer) => !assigned.has(peer.id) && isNew(peer, facts.nowMs)).sort(byTime);
  for (const { id } of newcomers.slice(0, Math.max(1, Math.floor(slots / SLOTS_PER_GUEST)))) assigned.set(id, 'guest');
  return assigned;
}

/**
 * @param limitBytesPerSecond as set; Infinity for none
 * @param sentBytesPerSecond as measured lately: without a limit nobody knows what the line could carry
 */
export function slotCount(limitBytesPerSecond: number, sentBytesPerSecond: number): number {
  const isLimited = Number.isFinite(limitBytesPerSecond);
  const bytesPerSecond = isLimited ? limitBytesPerSecond : sentBytesPerSecond;
  const first = isLimited ? Math.max(FEWEST_SLOTS, Math.floor(bytesPerSecond / SLOT_BYTES_PER_SECOND)) : USUAL_SLOTS;
  return Math.max(Math.min(first, USUAL_SLOTS), Math.floor(bytesPerSecond / FURTHER_SLOT_BYTES_PER_SECOND));
}

function byWhatTheyGave<Id>(wanting: readonly SlotCandidate<Id>[], { isRound }: SlotFacts<Id>): SlotCandidate<Id>[] {
  const keeps = ({ slot }: SlotCandidate<Id>): number => (!isRound && slot === 'earned' ? 1 : 0);
  return wanting
    .filter((peer) => peer.givesBytesPerSecond > 0)
    .sort((left, right) => keeps(right) - keeps(left) || right.givesBytesPerSecond - left.givesBytesPerSecond);
}

function byTurn<Id>(peers: readonly SlotCandidate<Id>[], turns: number, nowMs: number): SlotCandidate<Id>[] {
  const isOver = ({ sinceMs }: SlotCandidate<Id>): boolean => nowMs - sinceMs >= TURN_MS;
  // Who had a slot until now has not waited at all; a newcomer waits since it came.
  const waitsSinceMs = ({ slot, slotsHad, sinceMs }: SlotCandidate<Id>): number => (slot === undefined || slotsHad === 0 ? sinceMs : nowMs);
  const holders = peers.filter(({ slot }) => slot === 'turn');
  const going = holders.filter((peer) => !isOver(peer)).sort(byTime);
  const waiting = peers.filter(({ slot }) => slot !== 'turn').sort((left, right) => waitsSinceMs(left) - waitsSinceMs(right));
  const over = holders.filter((peer) => isOver(peer)).sort((left, right) => right.takesBytesPerSecond - left.takesBytesPerSecond);
  return [...going, ...waiting, ...over].slice(0, turns);
}

function isNew<Id>({ slot, slotsHad, sinceMs }: SlotCandidate<Id>, nowMs: number): boolean {
  return slotsHad === 0 || (slot === 'guest' && nowMs - sinceMs < GUEST_MS);
}

function byTime<Id>(left: SlotCandidate<Id>, right: SlotCandidate<Id>): number {
  return left.sinceMs - right.sinceMs;
}
