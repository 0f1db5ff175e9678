import { createHash } from 'node:crypto';
import type { Announce, AnnounceAnswer } from '@/src/protocol/signaling-events';
import { becomeKnown, tellDeparture } from './acquaintance';
import type { Connection } from './connection';
import type { RefusalCode } from './refusal';
import type { SwarmRegistry } from './swarm-registry';

/** Joins, then passes each offer to one other member; members met beyond the offers are only named. */
export function announce(
  registry: SwarmRegistry,
  connection: Connection,
  { swarmId, peerId, resumeToken, want, offers, skip }: Announce,
  nowMs: number,
): AnnounceAnswer['peers'] | RefusalCode {
  const joined = registry.join(connection, swarmId, peerId, createHash('sha256').update(resumeToken).digest('base64url'));
  if ('refused' in joined) return joined.refused;
  const { member, departed } = joined;
  if (departed !== undefined) tellDeparture(registry, departed);

  const waiting = offers.values();
  const skipped = new Set(skip);
  return registry
    .draw(member, want, (other) => !skipped.has(other.peerId))
    .flatMap((other) => {
      const offer = waiting.next().value;
      if (offer !== undefined && !other.connection.deliver({ event: 'offer', payload: { from: peerId, swarmId, ...offer } })) return [];
      becomeKnown(other, member);
      if (offer === undefined) return [{ peerId: other.peerId }];
      becomeKnown(member, other);
      member.offers.open(offer.offerId, other, nowMs);
      return [{ peerId: other.peerId, offerId: offer.offerId }];
    });
}
