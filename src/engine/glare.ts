import type { OfferId, PeerId } from '@/src/protocol/ids';
import type { Dial } from './dial';
import type { EngineLimits } from './limits';

/*
 * SPEC G3 and G4, wherever offers come from: a peer is linked once, and of two offers that cross the one of the smaller peer id stands.
 */

type Dials = ReadonlyMap<OfferId, Dial>;

/**
 * Who offers anew to this very peer, as through a server, has given up what it offered so long before. Sooner, two offers may have come by two
 * servers, and one of them stands.
 */
export const GIVEN_UP_AFTER_MS = 3000;

/**
 * Whether an offer of this peer may be answered as far as those under way go. One that has to yield to it ends.
 * @param givenUpBeforeMs an earlier offer of the same peer yields if it came before that
 */
export function yieldsToOffer(dials: Dials, ownId: PeerId, from: PeerId, givenUpBeforeMs = Number.NEGATIVE_INFINITY): boolean {
  const crossing = [...dials.values()].find(({ peer }) => peer === from);
  if (crossing === undefined) return true;
  if (crossing.role === 'answerer' ? crossing.startedAtMs > givenUpBeforeMs : ownId < from) return false;
  crossing.end();
  return true;
}

/** The same as the offerer finds out that the other side has offered, too. Where ours stands, the others end. */
export function losesGlare(dials: Dials, ownId: PeerId, peer: PeerId, dial: Dial): boolean {
  const others = [...dials.values()].filter((other) => other !== dial && other.peer === peer);
  const stands = others.every(({ role }) => role === 'answerer') && ownId < peer;
  if (stands) for (const other of others) other.end();
  return others.length > 0 && !stands;
}

/** Half of them are for our own offers: whoever floods us with theirs must not keep us from finding others. */
export function hasRoomToAnswer(dials: Dials, { negotiationsPerSession }: EngineLimits): boolean {
  const answering = [...dials.values()].filter(({ role }) => role === 'answerer').length;
  return dials.size < negotiationsPerSession && answering < negotiationsPerSession / 2;
}
