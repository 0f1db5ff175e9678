import type { OfferId, PeerId } from '@/src/protocol/ids';
import type { Dial } from './dial';
import type { EngineLimits } from './limits';

/*
 * SPEC G3 and G4, wherever offers come from: a peer is linked once, and of two offers that cross the one of the smaller peer id stands.
 */

type Dials = ReadonlyMap<OfferId, Dial>;

/** Whether an offer of this peer may be answered as far as those under way go. One of ours that has to yield to it ends. */
export function yieldsToOffer(dials: Dials, ownId: PeerId, from: PeerId): boolean {
  const crossing = [...dials.values()].find(({ peer }) => peer === from);
  if (crossing === undefined) return true;
  if (crossing.role === 'answerer' || ownId < from) return false;
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
