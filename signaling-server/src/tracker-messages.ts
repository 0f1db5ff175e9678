import * as v from 'valibot';
import { MAX_OFFERS_PER_ANNOUNCE, offerIdSchema, peerIdSchema, swarmIdSchema } from '@/src/protocol/signaling-events';

/*
 * What WebTorrent clients say to a tracker over a WebSocket: JSON, with ids as text of one character a byte. There is no standard; this
 * follows bittorrent-tracker. Every field is bounded before it is used.
 */

const MAX_SDP_CHARS = 64 * 1024;
export const MAX_SCRAPED = 50;

const id = v.pipe(
  v.string(),
  v.length(20),
  // Others would be cut to some byte or other.
  v.regex(/^[\0-\xff]*$/),
  v.transform((text) => Buffer.from(text, 'latin1').toString('hex')),
);
const infoHash = v.pipe(id, swarmIdSchema);
const peerId = v.pipe(id, peerIdSchema);
const offerId = v.pipe(id, offerIdSchema);

const description = <Type extends 'offer' | 'answer'>(type: Type) =>
  v.object({ type: v.literal(type), sdp: v.pipe(v.string(), v.maxLength(MAX_SDP_CHARS)) });

const announceSchema = v.object({
  action: v.literal('announce'),
  info_hash: infoHash,
  peer_id: peerId,
  event: v.optional(v.picklist(['started', 'stopped', 'completed', 'update', 'paused', ''])),
  /** 0 of who has it all; some clients send nothing, or null for what they do not know. */
  left: v.fallback(v.nullish(v.number()), undefined),
  numwant: v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))), undefined),
  offers: v.nullish(
    v.pipe(v.array(v.object({ offer_id: offerId, offer: description('offer') })), v.maxLength(MAX_OFFERS_PER_ANNOUNCE)),
    [],
  ),
});
const answerSchema = v.object({
  action: v.literal('announce'),
  info_hash: infoHash,
  peer_id: peerId,
  to_peer_id: peerId,
  offer_id: offerId,
  answer: description('answer'),
});
const scrapeSchema = v.object({
  action: v.literal('scrape'),
  info_hash: v.union([
    v.pipe(v.array(infoHash), v.maxLength(MAX_SCRAPED)),
    v.pipe(
      infoHash,
      v.transform((one) => [one]),
    ),
  ]),
});

export type TrackerAnnounce = v.InferOutput<typeof announceSchema>;
export type TrackerAnswer = v.InferOutput<typeof answerSchema>;
export type TrackerScrape = v.InferOutput<typeof scrapeSchema>;
export type TrackerRequest =
  | { readonly kind: 'announce'; readonly message: TrackerAnnounce }
  | { readonly kind: 'answer'; readonly message: TrackerAnswer }
  | { readonly kind: 'scrape'; readonly message: TrackerScrape };

/** Returns the request, or a sentence that says what is wrong with it. */
export function readTrackerRequest(text: string): TrackerRequest | string {
  const json = parseJson(text);
  if (typeof json !== 'object' || json === null) return 'The message is no JSON object.';
  if ('action' in json && json.action === 'scrape') return read(scrapeSchema, json, (message) => ({ kind: 'scrape', message }));
  if ('answer' in json) return read(answerSchema, json, (message) => ({ kind: 'answer', message }));
  return read(announceSchema, json, (message) => ({ kind: 'announce', message }));
}

/** One character a byte, as clients expect ids back. */
export function binaryText(hex: string): string {
  return Buffer.from(hex, 'hex').toString('latin1');
}

function read<Schema extends v.GenericSchema>(
  schema: Schema,
  json: object,
  accept: (message: v.InferOutput<Schema>) => TrackerRequest,
): TrackerRequest | string {
  const parsed = v.safeParse(schema, json, { abortEarly: true });
  if (parsed.success) return accept(parsed.output);
  const path = v.getDotPath(parsed.issues[0])?.slice(0, 60);
  return path === undefined ? 'The message is not of the form this action has.' : `The message is wrong at ${path}.`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
