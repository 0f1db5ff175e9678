import * as v from 'valibot';
import { ID_PATTERN, type OfferId, type PeerId, type SwarmId } from '@/src/protocol/ids';
import { MAX_SEALED_CHARS, RELAY_KINDS } from '@/src/protocol/signaling-events';

/*
 * What nodes of one service say to each other over Redis. Whoever may write there is trusted with the service; what is checked here is that
 * nodes of different versions cannot break each other.
 */

const id = v.pipe(v.string(), v.regex(ID_PATTERN));
const swarmId = v.pipe(
  id,
  v.transform((text) => text as SwarmId),
);
const peerId = v.pipe(
  id,
  v.transform((text) => text as PeerId),
);
const offerId = v.pipe(
  id,
  v.transform((text) => text as OfferId),
);
export const SCOPES = ['native', 'tracker'] as const;
export type Scope = (typeof SCOPES)[number];

const place = { scope: v.picklist(SCOPES), swarmId, peerId };
const node = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const member = v.object({ ...place, tokenDigest: v.pipe(v.string(), v.maxLength(200)), isSeeder: v.boolean() });

export const clusterMessageSchema = v.variant('type', [
  /** Sent every few seconds; who is not heard is gone. */
  v.object({ type: v.literal('beat'), node }),
  /** Asks for all members of whoever hears it. */
  v.object({ type: v.literal('hello'), node }),
  v.object({ type: v.literal('bye'), node }),
  /** `whole`: the last part of all the members there are; who is in none of the parts is none. */
  v.object({ type: v.literal('members'), node, members: v.array(member), sync: v.optional(v.picklist(['part', 'whole'])) }),
  v.object({ type: v.literal('left'), node, members: v.array(v.object(place)) }),
  v.object({
    type: v.literal('relay'),
    node,
    kind: v.picklist(RELAY_KINDS),
    scope: v.picklist(SCOPES),
    swarmId,
    from: peerId,
    to: peerId,
    offerId,
    sealed: v.pipe(v.string(), v.maxLength(MAX_SEALED_CHARS)),
  }),
]);

export type ClusterMessage = v.InferOutput<typeof clusterMessageSchema>;
export type ClusterMember = v.InferOutput<typeof member>;

/** @returns undefined for what no node of this version says */
export function readClusterMessage(text: string): ClusterMessage | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), clusterMessageSchema), text);
  return parsed.success ? parsed.output : undefined;
}
