import * as v from 'valibot';
import type { OfferId, PeerId, SwarmId } from '@/src/protocol/ids';
import { MAX_SEALED_CHARS, peerIdSchema, RELAY_KINDS, swarmIdSchema, type RelayKind } from '@/src/protocol/signaling-events';
import { isId, isSealed } from '../validate';

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
]);

/** An offer, an answer or candidates for a client of the node that hears it. */
export interface ClusterRelay {
  readonly type: 'relay';
  readonly node: string;
  readonly kind: RelayKind;
  readonly scope: Scope;
  readonly swarmId: SwarmId;
  readonly from: PeerId;
  readonly to: PeerId;
  readonly offerId: OfferId;
  readonly sealed: string;
}

export type ClusterMessage = v.InferOutput<typeof clusterMessageSchema> | ClusterRelay;
export type ClusterMember = v.InferOutput<typeof member>;

/** @returns undefined for what no node of this version says */
export function readClusterMessage(text: string): ClusterMessage | undefined {
  const json = parseJson(text);
  if (isRelay(json)) return json;
  const parsed = v.safeParse(clusterMessageSchema, json);
  return parsed.success ? parsed.output : undefined;
}

/** By hand, for nearly every message is one: a schema takes longer than all else that is done with it, and two peers wait. */
function isRelay(json: unknown): json is ClusterRelay {
  if (typeof json !== 'object' || json === null) return false;
  const { type, node: sender, kind, scope, swarmId, from, to, offerId, sealed } = json as Partial<Record<string, unknown>>;
  if (type !== 'relay' || typeof sender !== 'string' || !RELAY_KINDS.some((known) => known === kind)) return false;
  if (!isId(swarmId) || !isId(from) || !isId(to) || !isId(offerId)) return false;
  // What WebTorrent clients say is any text.
  if (scope === 'tracker') return typeof sealed === 'string' && sealed.length <= MAX_SEALED_CHARS;
  return scope === 'native' && isSealed(sealed);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
