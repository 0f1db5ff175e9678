import * as v from 'valibot';
import { isTurnAddress } from './ice-address';
import { ID_PATTERN, type OfferId, type PeerId, type SwarmId } from './ids';

/** What a peer and a signaling server say to each other: Socket.IO event names, and `type` of WebSocket frames. Rules: SPEC section G. */

export const MAX_OFFERS_PER_ANNOUNCE = 10;
export const MAX_SKIPPED_PEERS = 150;
/** A sealed SDP of at most 64 KiB, in base64url with salt and tag. */
export const MAX_SEALED_CHARS = 90_000;
export const MAX_SIGNALING_MESSAGE_BYTES = 128 * 1024;
/** An offer, and the right to answer it or send candidates for it, ends after this. */
export const OFFER_LIFETIME_SECONDS = 120;

const id = v.pipe(v.string(), v.regex(ID_PATTERN));
export const swarmIdSchema = v.pipe(
  id,
  v.transform((text) => text as SwarmId),
);
export const peerIdSchema = v.pipe(
  id,
  v.transform((text) => text as PeerId),
);
export const offerIdSchema = v.pipe(
  id,
  v.transform((text) => text as OfferId),
);
const sealed = v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_SEALED_CHARS), v.regex(/^[\w-]+$/));
const offer = v.strictObject({ offerId: offerIdSchema, sealed });

export const announceSchema = v.strictObject({
  swarmId: swarmIdSchema,
  peerId: peerIdSchema,
  /** Proves that a later connection is the same peer: 64 hex digits, told to nobody else. */
  resumeToken: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  /** How many peers the announcer would like to meet. */
  want: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_OFFERS_PER_ANNOUNCE)),
  offers: v.optional(v.pipe(v.array(offer), v.maxLength(MAX_OFFERS_PER_ANNOUNCE)), []),
  /** Peers the announcer already has: its offers go to others. */
  skip: v.optional(v.pipe(v.array(peerIdSchema), v.maxLength(MAX_SKIPPED_PEERS)), []),
});

/** `offer`, `answer` and `ice-candidate` alike, client to server. */
export const directedSchema = v.strictObject({ to: peerIdSchema, swarmId: swarmIdSchema, offerId: offerIdSchema, sealed });
/** The same, server to client. */
export const relayedSchema = v.strictObject({ from: peerIdSchema, swarmId: swarmIdSchema, offerId: offerIdSchema, sealed });
export const leaveSchema = v.strictObject({ swarmId: swarmIdSchema });
/** Server to client: a member of the swarm is gone. */
export const peerLeftSchema = v.strictObject({ swarmId: swarmIdSchema, peerId: peerIdSchema });

export const SIGNALING_ERROR_CODES = [
  'bad-message',
  // No access token, or one that is not or no longer valid.
  'unauthorized',
  'not-announced',
  'peer-id-taken',
  'unknown-peer',
  'no-open-offer',
  'rate-limited',
  'swarm-limit',
  // The server serves certain swarms only.
  'swarm-not-allowed',
] as const;
export type SignalingErrorCode = (typeof SIGNALING_ERROR_CODES)[number];
export const signalingErrorSchema = v.object({
  code: v.picklist(SIGNALING_ERROR_CODES),
  message: v.pipe(v.string(), v.maxLength(500)),
});

/** What a server lends: a TURN server of its host. */
const lentRelay = v.object({
  urls: v.pipe(v.string(), v.maxLength(500), v.check(isTurnAddress)),
  username: v.pipe(v.string(), v.maxLength(500)),
  credential: v.pipe(v.string(), v.maxLength(500)),
  /** How long the credentials are good from now on. */
  lifetimeSeconds: v.pipe(v.number(), v.minValue(0), v.maxValue(7 * 86_400)),
});
export const MAX_LENT_RELAYS = 4;

export const announceAnswerSchema = v.object({
  /** Members met by this announce; with `offerId`, the offer was passed to that peer. */
  peers: v.pipe(v.array(v.object({ peerId: peerIdSchema, offerId: v.optional(offerIdSchema) })), v.maxLength(MAX_SKIPPED_PEERS)),
  /** When to announce again, 10 to 3600 s. */
  intervalSeconds: v.pipe(v.number(), v.minValue(10), v.maxValue(3600)),
  /** TURN servers that the announcer may use (SPEC G12). */
  relays: v.exactOptional(v.pipe(v.array(lentRelay), v.maxLength(MAX_LENT_RELAYS))),
});
/** What an acknowledgement carries: the answer, or one error. */
export const announceAckSchema = v.union([announceAnswerSchema, v.object({ error: signalingErrorSchema })]);
export const relayAckSchema = v.union([v.object({ ok: v.literal(true) }), v.object({ error: signalingErrorSchema })]);

export type Announce = v.InferOutput<typeof announceSchema>;
export type AnnounceRequest = v.InferInput<typeof announceSchema>;
export type LentRelay = v.InferOutput<typeof lentRelay>;
export type AnnounceAnswer = v.InferOutput<typeof announceAnswerSchema>;
export type Directed = v.InferOutput<typeof directedSchema>;
export type Relayed = v.InferOutput<typeof relayedSchema>;
export type Leave = v.InferOutput<typeof leaveSchema>;
export type PeerLeft = v.InferOutput<typeof peerLeftSchema>;
export type SignalingError = v.InferOutput<typeof signalingErrorSchema>;
export type RelayKind = 'offer' | 'answer' | 'ice-candidate';
export const RELAY_KINDS = ['offer', 'answer', 'ice-candidate'] as const satisfies readonly RelayKind[];
