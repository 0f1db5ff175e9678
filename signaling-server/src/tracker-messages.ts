import * as v from 'valibot';
import type { OfferId, PeerId, SwarmId } from '@/src/protocol/ids';
import { MAX_OFFERS_PER_ANNOUNCE, offerIdSchema, peerIdSchema, swarmIdSchema } from '@/src/protocol/signaling-events';

/*
 * What WebTorrent clients say to a tracker over a WebSocket: JSON, with ids as text of one character a byte. There is no standard; this
 * follows bittorrent-tracker. Every field is bounded before it is used.
 */

const MAX_SDP_CHARS = 64 * 1024;
export const MAX_SCRAPED = 50;

const ID_BYTES = 20;
/** Other characters would be cut to some byte or other. */
const BYTES_PATTERN = /^[\0-\xff]{20}$/;
const EVENTS = ['started', 'stopped', 'completed', 'update', 'paused', ''] as const;
/** Where ids are turned into their other form, one at a time. */
const scratch = Buffer.alloc(ID_BYTES);

const id = v.pipe(v.string(), v.regex(BYTES_PATTERN), v.transform(hexText));
const infoHash = v.pipe(id, swarmIdSchema);
const peerId = v.pipe(id, peerIdSchema);
const offerId = v.pipe(id, offerIdSchema);

const description = <Type extends 'offer' | 'answer'>(type: Type) =>
  v.object({ type: v.literal(type), sdp: v.pipe(v.string(), v.maxLength(MAX_SDP_CHARS)) });

export const trackerAnnounceSchema = v.object({
  action: v.literal('announce'),
  info_hash: infoHash,
  peer_id: peerId,
  event: v.optional(v.picklist(EVENTS)),
  /** 0 of who has it all; some clients send nothing, or null for what they do not know. */
  left: v.fallback(v.nullish(v.number()), undefined),
  numwant: v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))), undefined),
  offers: v.nullish(
    v.pipe(v.array(v.object({ offer_id: offerId, offer: description('offer') })), v.maxLength(MAX_OFFERS_PER_ANNOUNCE)),
    [],
  ),
});
export const trackerAnswerSchema = v.object({
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

export type TrackerAnnounce = v.InferOutput<typeof trackerAnnounceSchema>;
export type TrackerAnswer = v.InferOutput<typeof trackerAnswerSchema>;
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
  if ('answer' in json) return readAnswer(json) ?? read(trackerAnswerSchema, json, (message) => ({ kind: 'answer', message }));
  return readAnnounce(json) ?? read(trackerAnnounceSchema, json, (message) => ({ kind: 'announce', message }));
}

/** One character a byte, as clients expect ids back. */
export function binaryText(hex: string): string {
  scratch.write(hex, 'hex');
  return scratch.toString('latin1');
}

function hexText(bytes: string): string {
  scratch.write(bytes, 'latin1');
  return scratch.toString('hex');
}

type Fields = Partial<Record<string, unknown>>;

/**
 * What `trackerAnnounceSchema` makes of an announce as clients send it; undefined for any other, which goes there to be told why. Nearly every
 * message is this one or the next, and the schemas take as long for it as everything else does that is done with one.
 */
function readAnnounce({ action, info_hash, peer_id, event, left, numwant, offers }: Fields): TrackerRequest | undefined {
  const swarmId = readId(info_hash) as SwarmId | undefined;
  const peerId = readId(peer_id) as PeerId | undefined;
  if (action !== 'announce' || swarmId === undefined || peerId === undefined) return undefined;
  if (event !== undefined && !isEvent(event)) return undefined;
  if (!Array.isArray(offers) || offers.length > MAX_OFFERS_PER_ANNOUNCE) return undefined;
  const read: TrackerAnnounce['offers'] = [];
  for (const one of offers as readonly unknown[]) {
    const { offer_id, offer } = fieldsOf(one);
    const offerId = readId(offer_id) as OfferId | undefined;
    const sdp = readDescription(offer, 'offer');
    if (offerId === undefined || sdp === undefined) return undefined;
    read.push({ offer_id: offerId, offer: { type: 'offer', sdp } });
  }
  const message = {
    action,
    info_hash: swarmId,
    peer_id: peerId,
    event,
    left: typeof left === 'number' || left === null ? left : undefined,
    numwant: typeof numwant === 'number' && Number.isInteger(numwant) && numwant >= 0 ? numwant : undefined,
    offers: read,
  } as const;
  return { kind: 'announce', message };
}

/** The same for `trackerAnswerSchema`. */
function readAnswer({ action, info_hash, peer_id, to_peer_id, offer_id, answer }: Fields): TrackerRequest | undefined {
  const swarmId = readId(info_hash) as SwarmId | undefined;
  const from = readId(peer_id) as PeerId | undefined;
  const to = readId(to_peer_id) as PeerId | undefined;
  const offerId = readId(offer_id) as OfferId | undefined;
  const sdp = readDescription(answer, 'answer');
  if (action !== 'announce' || swarmId === undefined || from === undefined) return undefined;
  if (to === undefined || offerId === undefined || sdp === undefined) return undefined;
  const message = {
    action,
    info_hash: swarmId,
    peer_id: from,
    to_peer_id: to,
    offer_id: offerId,
    answer: { type: 'answer', sdp },
  } as const;
  return { kind: 'answer', message };
}

function readId(value: unknown): string | undefined {
  return typeof value === 'string' && BYTES_PATTERN.test(value) ? hexText(value) : undefined;
}

function readDescription(value: unknown, expected: 'offer' | 'answer'): string | undefined {
  const { type, sdp } = fieldsOf(value);
  return type === expected && typeof sdp === 'string' && sdp.length <= MAX_SDP_CHARS ? sdp : undefined;
}

function isEvent(value: unknown): value is (typeof EVENTS)[number] {
  return EVENTS.some((event) => event === value);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
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
