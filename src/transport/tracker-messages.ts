import * as v from 'valibot';
import { fromHex, toHex } from '@/src/base/bytes';
import { ID_BYTES, parseOfferId, parsePeerId, type InfoHash, type OfferId, type PeerId, type SwarmId } from '@/src/protocol/ids';

/*
 * What WebTorrent trackers take and say: JSON, with ids as text of one character a byte. Limits as in libtorrent's "Bound WebSocket RTC
 * offers" (2026).
 */

export const MAX_TRACKER_MESSAGE_CHARS = 128 * 1024;
const MAX_SDP_CHARS = 64 * 1024;
const MAX_REASON_CHARS = 200;
const MAX_TRACKER_ID_CHARS = 1000;

/** What a swarm is known by: that of WebTorrent by its info hash, ours by its swarm id. */
export type TrackerTopic = InfoHash | SwarmId;

export interface TrackerOffer {
  readonly offerId: OfferId;
  readonly sdp: string;
}

export interface TrackerAnnounce {
  readonly infoHash: TrackerTopic;
  readonly peerId: PeerId;
  readonly event: 'started' | 'completed' | 'stopped' | undefined;
  readonly uploadedBytes: number;
  readonly downloadedBytes: number;
  /** Undefined while nobody knows; a tracker takes 0 for a seeder. */
  readonly leftBytes: number | undefined;
  readonly offers: readonly TrackerOffer[];
  readonly trackerId: string | undefined;
}

export type TrackerMessage =
  | { readonly kind: 'failure'; readonly reason: string }
  | {
      readonly kind: 'announced';
      readonly intervalSeconds: number | undefined;
      readonly complete: number | undefined;
      readonly incomplete: number | undefined;
      readonly trackerId: string | undefined;
    }
  | { readonly kind: 'offer' | 'answer'; readonly peerId: PeerId; readonly offerId: OfferId; readonly sdp: string };

/** One character a byte. */
export function toBinaryText(hex: string): string {
  return String.fromCharCode(...fromHex(hex));
}

/** @returns undefined unless it stands for exactly 20 bytes */
export function fromBinaryText(text: string): string | undefined {
  if (text.length !== ID_BYTES) return undefined;
  const codes = Array.from({ length: ID_BYTES }, (_, index) => text.charCodeAt(index));
  return codes.every((code) => code < 256) ? toHex(Uint8Array.from(codes)) : undefined;
}

export function announceText(announce: TrackerAnnounce): string {
  return JSON.stringify({
    action: 'announce',
    info_hash: toBinaryText(announce.infoHash),
    peer_id: toBinaryText(announce.peerId),
    numwant: announce.offers.length,
    uploaded: announce.uploadedBytes,
    downloaded: announce.downloadedBytes,
    left: announce.leftBytes ?? 1,
    ...(announce.event === undefined ? {} : { event: announce.event }),
    ...(announce.trackerId === undefined ? {} : { trackerid: announce.trackerId }),
    offers: announce.offers.map(({ offerId, sdp }) => ({ offer_id: toBinaryText(offerId), offer: { type: 'offer', sdp } })),
  });
}

export function answerText(answer: {
  readonly infoHash: TrackerTopic;
  readonly peerId: PeerId;
  readonly toPeerId: PeerId;
  readonly offerId: OfferId;
  readonly sdp: string;
  readonly trackerId: string | undefined;
}): string {
  return JSON.stringify({
    action: 'announce',
    info_hash: toBinaryText(answer.infoHash),
    peer_id: toBinaryText(answer.peerId),
    to_peer_id: toBinaryText(answer.toPeerId),
    offer_id: toBinaryText(answer.offerId),
    answer: { type: 'answer', sdp: answer.sdp },
    ...(answer.trackerId === undefined ? {} : { trackerid: answer.trackerId }),
  });
}

const idSchema = v.pipe(v.string(), v.length(ID_BYTES));
const sdpSchema = v.pipe(v.string(), v.maxLength(MAX_SDP_CHARS));
const countSchema = v.fallback(v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))), undefined);
const secondsSchema = v.fallback(v.optional(v.pipe(v.number(), v.finite(), v.minValue(0))), undefined);

const introductionShape = { info_hash: idSchema, peer_id: idSchema, offer_id: idSchema };
const offerSchema = v.object({ ...introductionShape, offer: v.object({ type: v.literal('offer'), sdp: sdpSchema }) });
const answerSchema = v.object({ ...introductionShape, answer: v.object({ type: v.literal('answer'), sdp: sdpSchema }) });
const failureSchema = v.object({ 'failure reason': v.string() });
const announcedSchema = v.object({
  info_hash: idSchema,
  interval: secondsSchema,
  'min interval': secondsSchema,
  complete: countSchema,
  incomplete: countSchema,
  'tracker id': v.fallback(v.optional(v.pipe(v.string(), v.maxLength(MAX_TRACKER_ID_CHARS))), undefined),
});

/** @returns undefined for whatever is not a message about this torrent */
export function readTrackerMessage(text: string, infoHash: TrackerTopic): TrackerMessage | undefined {
  const json = parseJson(text);
  // What is not about announcing (scrapes) was not asked for.
  if (typeof json !== 'object' || json === null || !('action' in json) || json.action !== 'announce') return undefined;
  if ('failure reason' in json)
    return v.is(failureSchema, json) ? { kind: 'failure', reason: printable(json['failure reason']) } : undefined;
  if ('offer' in json) return v.is(offerSchema, json) ? introduction('offer', json, json.offer.sdp, infoHash) : undefined;
  if ('answer' in json) return v.is(answerSchema, json) ? introduction('answer', json, json.answer.sdp, infoHash) : undefined;
  const announced = v.safeParse(announcedSchema, json);
  if (!announced.success || !isAbout(announced.output.info_hash, infoHash)) return undefined;
  const { interval, complete, incomplete } = announced.output;
  return {
    kind: 'announced',
    intervalSeconds: interval ?? announced.output['min interval'],
    complete,
    incomplete,
    trackerId: announced.output['tracker id'],
  };
}

function introduction(
  kind: 'offer' | 'answer',
  ids: v.InferOutput<v.ObjectSchema<typeof introductionShape, undefined>>,
  sdp: string,
  infoHash: TrackerTopic,
): TrackerMessage | undefined {
  const peerId = parsePeerId(fromBinaryText(ids.peer_id) ?? '');
  const offerId = parseOfferId(fromBinaryText(ids.offer_id) ?? '');
  if (peerId === undefined || offerId === undefined || !isAbout(ids.info_hash, infoHash)) return undefined;
  return { kind, peerId, offerId, sdp };
}

function isAbout(binaryText: string, infoHash: TrackerTopic): boolean {
  return fromBinaryText(binaryText) === infoHash;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One line without control characters: it is shown to people. */
function printable(reason: string): string {
  return reason
    .slice(0, MAX_REASON_CHARS)
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim();
}
