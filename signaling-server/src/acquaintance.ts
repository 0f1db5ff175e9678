import type { SwarmMember, SwarmRegistry } from './swarm-registry';

/** Those who learnt of a member first have long had a link to it, which tells them by itself. */
const MAX_KNOWN_BY = 256;

export function becomeKnown(member: SwarmMember, to: SwarmMember): void {
  member.knownBy.delete(to);
  member.knownBy.add(to);
  if (member.knownBy.size <= MAX_KNOWN_BY) return;
  for (const oldest of member.knownBy) {
    member.knownBy.delete(oldest);
    return;
  }
}

/**
 * Tells those who know a member that it went, and lets go of everyone it knew: members that are gone must not keep each other in memory.
 * The rest of the swarm never heard of it; telling them would make one departure cost as much as the swarm is large.
 */
export function tellDeparture(registry: SwarmRegistry, { swarmId, peerId, knownBy, offers }: SwarmMember): void {
  for (const member of knownBy) {
    if (registry.find(swarmId, member.peerId) === member) member.connection.deliver({ event: 'peer-left', payload: { swarmId, peerId } });
  }
  knownBy.clear();
  offers.clear();
}
