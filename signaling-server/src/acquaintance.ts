import type { SwarmMember, SwarmRegistry } from './swarm-registry';

/** Those who learnt of a member first have long had a link to it, which tells them by itself. */
const MAX_KNOWN_BY = 256;

export function becomeKnown(member: SwarmMember, to: SwarmMember): void {
  const knownBy = (member.knownBy ??= new Set());
  // Who is where among few does not matter: none of them is about to be forgotten.
  if (knownBy.size < MAX_KNOWN_BY / 2 && knownBy.has(to)) return;
  knownBy.delete(to);
  knownBy.add(to);
  if (knownBy.size <= MAX_KNOWN_BY) return;
  for (const oldest of knownBy) {
    knownBy.delete(oldest);
    return;
  }
}

/**
 * Tells those who know a member that it went, and lets go of everyone it knew: members that are gone must not keep each other in memory.
 * The rest of the swarm never heard of it; telling them would make one departure cost as much as the swarm is large.
 */
export function tellDeparture(registry: SwarmRegistry, departed: SwarmMember): void {
  const { swarmId, peerId, knownBy, offers } = departed;
  departed.knownBy = undefined;
  offers.clear();
  for (const member of knownBy ?? []) {
    if (registry.find(swarmId, member.peerId) === member) member.connection.deliver({ event: 'peer-left', payload: { swarmId, peerId } });
  }
}
