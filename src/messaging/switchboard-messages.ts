import * as v from 'valibot';
import {
  ENGINE_CALL_ERROR_CODES,
  ENGINE_MODES,
  MAX_MAGNET_CHARS,
  MAX_TORRENT_FILE_BYTES,
  type EngineSettings,
} from '@/src/protocol/engine-api';
import { streamRequest } from './stream-messages';
import { noticeMessage } from './notice-message';

/** What pages, service worker and engine post to each other besides calls. Every receiver validates: any page of ours can be made to load by anyone. */
const lockName = v.pipe(v.string(), v.regex(/^lodestream-[a-z]+:[0-9a-f-]{36}$/));

const MAX_SERVERS = 100;
const MAX_PUBLISHERS = 200;
const MAX_TEXT_CHARS = 4000;
const text = v.pipe(v.string(), v.maxLength(MAX_TEXT_CHARS));

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** Page to service worker, with a port to hand to the engine. */
export const connectEngineRequest = v.object({ type: v.literal('connect-engine'), clientLock: lockName });
export type ConnectEngineRequest = v.InferOutput<typeof connectEngineRequest>;

export const engineSettingsMessage: v.GenericSchema<EngineSettings> = v.object({
  consented: v.boolean(),
  signalingUrls: v.pipe(v.array(text), v.maxLength(MAX_SERVERS)),
  signalingTokens: v.exactOptional(v.pipe(v.record(text, text), v.maxEntries(MAX_SERVERS))),
  publisherHosts: v.exactOptional(v.pipe(v.record(text, v.boolean()), v.maxEntries(MAX_PUBLISHERS))),
  iceServers: v.pipe(
    v.array(v.object({ urls: text, username: v.exactOptional(text), credential: v.exactOptional(text) })),
    v.maxLength(MAX_SERVERS),
  ),
  defaultMode: v.picklist(ENGINE_MODES),
  trackers: v.pipe(v.array(text), v.maxLength(MAX_SERVERS)),
  swarmThroughTrackers: v.exactOptional(v.boolean()),
  allowLocalPeers: v.boolean(),
  relayOnly: v.exactOptional(v.boolean()),
  storageQuotaBytes: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  uploadBytesPerSecond: v.exactOptional(count),
  downloadBytesPerSecond: v.exactOptional(count),
  limits: v.exactOptional(
    v.object({
      peersPerSession: v.exactOptional(count),
      peers: v.exactOptional(count),
      negotiationsPerSession: v.exactOptional(count),
      negotiationTimeoutMs: v.exactOptional(count),
      requestQueue: v.exactOptional(count),
      rejectsInARow: v.exactOptional(count),
      strikes: v.exactOptional(count),
      assemblyBytes: v.exactOptional(count),
    }),
  ),
});

/**
 * Service worker to engine. `client` and `stream` come with a port. `warm`: a film may be asked for within the second. `film`: the viewer
 * has clicked this magnet link, and the page that will show it is on its way. `torrent`: which magnet link is this .torrent file? With a
 * port for the answer.
 */
export const hostMessage = v.variant('type', [
  v.object({ type: v.literal('client'), clientLock: lockName, settings: engineSettingsMessage }),
  v.object({ type: v.literal('stream'), workerLock: lockName, request: streamRequest, settings: engineSettingsMessage }),
  v.object({ type: v.literal('settings'), settings: engineSettingsMessage }),
  v.object({ type: v.literal('warm'), settings: engineSettingsMessage }),
  v.object({ type: v.literal('film'), magnet: v.pipe(v.string(), v.maxLength(MAX_MAGNET_CHARS)), settings: engineSettingsMessage }),
  v.object({
    type: v.literal('torrent'),
    bytes: v.pipe(v.instance(Uint8Array<ArrayBuffer>), v.maxLength(MAX_TORRENT_FILE_BYTES)),
    settings: engineSettingsMessage,
  }),
]);
export type HostMessage = v.InferOutput<typeof hostMessage>;

/** Engine to service worker. */
export const torrentAnswer = v.variant('ok', [
  v.object({ ok: v.literal(true), magnet: v.pipe(v.string(), v.maxLength(MAX_MAGNET_CHARS)) }),
  v.object({ ok: v.literal(false), notice: noticeMessage }),
]);

/** First message on a client's port: from the engine, or from the service worker when there is none. */
export const engineGreeting = v.variant('type', [
  v.object({ type: v.literal('engine-hello'), engineLock: lockName }),
  v.object({ type: v.literal('engine-refused'), code: v.picklist(ENGINE_CALL_ERROR_CODES), notice: noticeMessage }),
]);
export type EngineGreeting = v.InferOutput<typeof engineGreeting>;

/** Service worker to every page: what it refused before for want of consent it would do now. */
export const engineAvailableNotice = v.object({ type: v.literal('engine-available') });
export type EngineAvailableNotice = v.InferOutput<typeof engineAvailableNotice>;
