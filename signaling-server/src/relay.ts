import type { RelayKind } from '@/src/protocol/signaling-events';
import { becomeKnown } from './acquaintance';
import type { Connection } from './connection';
import type { RefusalCode } from './refusal';
import type { SwarmMember, SwarmRegistry } from './swarm-registry';
import type { DirectedSealed } from './validate';

/** Passes a sealed message to one member. An offer opens the way for the answer and the candidates that belong to it; nothing else does. */
export function relay(
  registry: SwarmRegistry,
  connection: Connection,
  kind: RelayKind,
  { to, swarmId, offerId, sealed }: DirectedSealed,
  nowMs: number,
): RefusalCode | undefined {
  const sender = registry.membership(connection, swarmId);
  if (sender === undefined) return 'not-announced';
  const receiver = registry.find(swarmId, to);
  if (receiver === undefined || receiver === sender) return 'unknown-peer';
  if (!mayRelay(kind, sender, receiver, offerId, nowMs)) return 'no-open-offer';
  const delivered = receiver.connection.deliver({ event: kind, payload: { from: sender.peerId, swarmId, offerId, sealed } });
  return delivered ? undefined : 'unknown-peer';
}

function mayRelay(kind: RelayKind, sender: SwarmMember, receiver: SwarmMember, offerId: DirectedSealed['offerId'], nowMs: number): boolean {
  switch (kind) {
    case 'offer':
      sender.offers.open(offerId, receiver, nowMs);
      becomeKnown(sender, receiver);
      becomeKnown(receiver, sender);
      return true;
    case 'answer':
      return receiver.offers.answer(offerId, sender, nowMs);
    case 'ice-candidate':
      return sender.offers.isOpen(offerId, receiver, nowMs) || receiver.offers.isOpen(offerId, sender, nowMs);
    default:
      return kind satisfies never;
  }
}
