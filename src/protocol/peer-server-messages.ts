import * as v from 'valibot';
import { ID_PATTERN, type PeerId, type SwarmId } from './ids';
import { relayedSchema } from './signaling-events';

/*
 * Signaling through a PeerServer (the broker of PeerJS, https://github.com/peers/peerjs-server), for development: it knows no swarms, only
 * clients that send each other messages by id. So the ids are agreed on: a swarm has a few slots, and whoever comes takes a free one.
 */

/** Members of one swarm at a time. */
export const PEER_SERVER_SLOTS = 8;

/** Whom a PeerServer knows by this id: the member in that slot. */
export function peerServerId(swarmId: SwarmId, slot: number): string {
  return `lodestream-${swarmId.slice(0, 20)}-${slot}`;
}

/** @returns undefined for an id that is no slot of this swarm */
export function slotOf(swarmId: SwarmId, id: string): number | undefined {
  const slots = Array.from({ length: PEER_SERVER_SLOTS }, (_, slot) => slot);
  return slots.find((slot) => peerServerId(swarmId, slot) === id);
}

const peerId = v.pipe(
  v.string(),
  v.regex(ID_PATTERN),
  v.transform((text) => text as PeerId),
);
/** Of one announce: a PeerServer keeps probes of empty slots for whoever comes, who would answer when nobody waits any more. */
const nonce = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));

export const slotPayloadSchema = v.variant('kind', [
  v.object({ kind: v.literal('probe'), peerId, nonce }),
  v.object({ kind: v.literal('here'), peerId, nonce }),
  v.object({ kind: v.picklist(['offer', 'answer', 'ice-candidate']), message: relayedSchema }),
]);
export type SlotPayload = v.InferOutput<typeof slotPayloadSchema>;

/** Types that a PeerServer passes on; it looks at nothing else. */
export const PEER_SERVER_TYPES: Readonly<Record<SlotPayload['kind'], string>> = {
  probe: 'CANDIDATE',
  here: 'CANDIDATE',
  'ice-candidate': 'CANDIDATE',
  offer: 'OFFER',
  answer: 'ANSWER',
};

export const peerServerFrameSchema = v.object({
  type: v.pipe(v.string(), v.maxLength(50)),
  src: v.optional(v.pipe(v.string(), v.maxLength(200))),
  payload: v.optional(v.unknown()),
});
