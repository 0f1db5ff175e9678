import * as v from 'valibot';
import { MAX_SEALED_CHARS, offerIdSchema, peerIdSchema, RELAY_KINDS, swarmIdSchema } from '@/src/protocol/signaling-events';

/*
 * What nodes of one service say to each other over Redis. Whoever may write there is trusted with the service; what is checked here is that
 * nodes of different versions cannot break each other.
 */

export const SCOPES = ['native', 'tracker'] as const;
export type Scope = (typeof SCOPES)[number];

const place = { scope: v.picklist(SCOPES), swarmId: swarmIdSchema, peerId: peerIdSchema };
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
    swarmId: swarmIdSchema,
    from: peerIdSchema,
    to: peerIdSchema,
    offerId: offerIdSchema,
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
