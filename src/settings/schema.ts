import * as v from 'valibot';
import {
  ENGINE_MODES,
  MAX_BYTES_PER_SECOND,
  MIN_BYTES_PER_SECOND,
  type EngineSettings,
  type LimitSettings,
} from '@/src/protocol/engine-api';
import { isIceAddress } from '@/src/protocol/ice-address';
import { MAX_HOST_CHARS } from '@/src/protocol/tracker-urls';
import { MAX_TOKEN_CHARS } from '@/src/protocol/web-socket-frames';
import { LIMIT_NAMES, LIMIT_RANGES, type LimitName } from './limit-settings';
import { SETTING_ISSUES } from './setting-issues';

/** Of what is stored, and of an exported file. When it rises, what brings older settings up to date serves both. */
export const SETTINGS_VERSION = 1;

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const MAX_SERVERS = 20;
const MAX_URL_CHARS = 2000;
const MAX_CREDENTIAL_CHARS = 500;
export const MAX_PUBLISHER_HOSTS = 200;
export const MAX_SILENT_SITES = 500;
/** Less would not hold what a playhead needs around it. */
export const MIN_QUOTA_BYTES = 250_000_000;
export const MAX_QUOTA_BYTES = 10_000_000_000_000;

const signalingUrl = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(MAX_URL_CHARS, SETTING_ISSUES.longAddress),
  v.check((text) => URL.canParse(text), SETTING_ISSUES.signalingAddress),
  v.regex(/^(https?|wss?|peerjss?):/i, SETTING_ISSUES.signalingScheme),
);

const signalingServer = v.object({
  url: signalingUrl,
  enabled: v.boolean(),
  /** Of a private server. */
  token: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(MAX_TOKEN_CHARS, SETTING_ISSUES.longToken))),
});

/** A host name without a port: `example.org` stands for its subdomains, too. */
export const siteName = v.pipe(
  v.string(),
  v.trim(),
  v.toLowerCase(),
  v.maxLength(MAX_HOST_CHARS, SETTING_ISSUES.longSiteName),
  v.regex(/^(?:[^\s./:?#@\\]+\.)*[^\s./:?#@\\]+$|^\[[0-9a-f:.]+\]$/, SETTING_ISSUES.siteName),
);

/** What the viewer said to a signaling server that a link named: asked once for each host. */
const publisherHost = v.object({
  host: v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_HOST_CHARS), v.regex(/^[^\s/?#@\\]+$/)),
  allowed: v.boolean(),
});

/** An address as the viewer types it; where it leads is checked by whoever connects. */
export const trackerUrl = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(MAX_URL_CHARS, SETTING_ISSUES.longAddress),
  v.check((text) => URL.canParse(text), SETTING_ISSUES.trackerAddress),
  v.regex(/^wss?:/i, SETTING_ISSUES.trackerScheme),
);
const iceServer = v.object({
  urls: v.pipe(
    v.string(),
    v.trim(),
    v.maxLength(MAX_URL_CHARS, SETTING_ISSUES.longAddress),
    v.check(isIceAddress, SETTING_ISSUES.iceAddress),
  ),
  username: v.optional(v.pipe(v.string(), v.maxLength(MAX_CREDENTIAL_CHARS, SETTING_ISSUES.longCredential))),
  credential: v.optional(v.pipe(v.string(), v.maxLength(MAX_CREDENTIAL_CHARS, SETTING_ISSUES.longCredential))),
  enabled: v.boolean(),
});

const rate = v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(MIN_BYTES_PER_SECOND), v.maxValue(MAX_BYTES_PER_SECOND)));

function limit(name: LimitName) {
  const { min, max } = LIMIT_RANGES[name];
  return v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(max)));
}

export const settingsSchema = v.object({
  /** When the viewer agreed to the welcome page, in ms since the epoch; null before. */
  consentedAtMs: v.nullable(v.number()),
  signalingServers: v.pipe(v.array(signalingServer), v.maxLength(MAX_SERVERS, SETTING_ISSUES.manyServers)),
  /** The last one answered comes last. */
  publisherHosts: v.pipe(v.array(publisherHost), v.maxLength(MAX_PUBLISHER_HOSTS)),
  iceServers: v.pipe(v.array(iceServer), v.maxLength(MAX_SERVERS, SETTING_ISSUES.manyServers)),
  /** `menu`: a click on a magnet link is the page's and the system's; only the browser's menu and the popup play. */
  playOn: v.picklist(['click', 'menu']),
  /** Sites on whose pages a click on a magnet link is left alone. */
  silentSites: v.pipe(v.array(siteName), v.maxLength(MAX_SILENT_SITES, SETTING_ISSUES.manySites)),
  /** How pages look; `system` follows the operating system. */
  theme: v.picklist(THEMES),
  /** Whether letters, digits and punctuation are keys of the player (WCAG 2.1.4). */
  singleKeys: v.boolean(),
  /** What new sessions start with. */
  defaultMode: v.picklist(ENGINE_MODES),
  /** WebTorrent trackers, asked besides the link's own. */
  trackers: v.pipe(v.array(v.object({ url: trackerUrl, enabled: v.boolean() })), v.maxLength(MAX_SERVERS, SETTING_ISSUES.manyServers)),
  /** Whether Lodestream viewers find each other through the trackers as well, by a swarm id in place of the info hash. */
  swarmThroughTrackers: v.boolean(),
  /** Lets peers learn addresses on the viewer's own network, so that two machines in one home find each other. */
  allowLocalPeers: v.boolean(),
  /** Peers are connected to through TURN servers alone, so that they never see the viewer's address. */
  relayOnly: v.boolean(),
  /** Room that stored films may take, in bytes; null for 10 GB or 20 % of what is free, the smaller. */
  storageQuotaBytes: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(MIN_QUOTA_BYTES), v.maxValue(MAX_QUOTA_BYTES))),
  /** Of all films together; null for no limit. */
  uploadBytesPerSecond: rate,
  downloadBytesPerSecond: rate,
  /** Of the engine; null for what it has by itself. */
  limits: v.object({
    peersPerSession: limit('peersPerSession'),
    peers: limit('peers'),
    negotiationsPerSession: limit('negotiationsPerSession'),
    negotiationTimeoutMs: limit('negotiationTimeoutMs'),
    requestQueue: limit('requestQueue'),
    rejectsInARow: limit('rejectsInARow'),
    strikes: limit('strikes'),
    assemblyBytes: limit('assemblyBytes'),
  }),
});

export type Settings = v.InferOutput<typeof settingsSchema>;

/**
 * A fresh install asks nobody for anything before consent. The one signaling server named is on this very machine; trackers and STUN
 * servers are public ones, shown with a switch each on the page that asks for consent.
 */
export const DEFAULT_SETTINGS: Settings = {
  consentedAtMs: null,
  signalingServers: [{ url: 'http://127.0.0.1:8787', enabled: true }],
  publisherHosts: [],
  iceServers: [
    { urls: 'stun:stun.cloudflare.com:3478', enabled: true },
    { urls: 'stun:stun.l.google.com:19302', enabled: true },
  ],
  playOn: 'click',
  silentSites: [],
  theme: 'system',
  singleKeys: true,
  defaultMode: 'hybrid',
  trackers: [
    { url: 'wss://tracker.openwebtorrent.com', enabled: true },
    { url: 'wss://tracker.webtorrent.dev', enabled: true },
    { url: 'wss://tracker.btorrent.xyz', enabled: true },
  ],
  swarmThroughTrackers: true,
  allowLocalPeers: false,
  relayOnly: false,
  storageQuotaBytes: null,
  uploadBytesPerSecond: null,
  downloadBytesPerSecond: null,
  limits: {
    peersPerSession: null,
    peers: null,
    negotiationsPerSession: null,
    negotiationTimeoutMs: null,
    requestQueue: null,
    rejectsInARow: null,
    strikes: null,
    assemblyBytes: null,
  },
};

export function engineSettings(settings: Settings): EngineSettings {
  return {
    consented: settings.consentedAtMs !== null,
    signalingUrls: settings.signalingServers.filter((server) => server.enabled).map((server) => server.url),
    ...signalingTokens(settings.signalingServers),
    ...(settings.publisherHosts.length === 0
      ? {}
      : { publisherHosts: Object.fromEntries(settings.publisherHosts.map(({ host, allowed }) => [host, allowed])) }),
    iceServers: settings.iceServers
      .filter((server) => server.enabled)
      .map(({ urls, username, credential }) => ({
        urls,
        ...(username === undefined ? {} : { username }),
        ...(credential === undefined ? {} : { credential }),
      })),
    defaultMode: settings.defaultMode,
    trackers: settings.trackers.filter((tracker) => tracker.enabled).map((tracker) => tracker.url),
    swarmThroughTrackers: settings.swarmThroughTrackers,
    allowLocalPeers: settings.allowLocalPeers,
    ...(settings.relayOnly ? { relayOnly: true } : {}),
    ...(settings.storageQuotaBytes === null ? {} : { storageQuotaBytes: settings.storageQuotaBytes }),
    ...(settings.uploadBytesPerSecond === null ? {} : { uploadBytesPerSecond: settings.uploadBytesPerSecond }),
    ...(settings.downloadBytesPerSecond === null ? {} : { downloadBytesPerSecond: settings.downloadBytesPerSecond }),
    ...limitSettings(settings.limits),
  };
}

function signalingTokens(servers: Settings['signalingServers']): Pick<EngineSettings, 'signalingTokens'> {
  const tokens = servers.flatMap(({ url, enabled, token }) =>
    enabled && token !== undefined && token !== '' ? [[url, token] as const] : [],
  );
  return tokens.length === 0 ? {} : { signalingTokens: Object.fromEntries(tokens) };
}

function limitSettings(stored: Settings['limits']): { readonly limits?: LimitSettings } {
  const set = LIMIT_NAMES.filter((name) => stored[name] !== null);
  return set.length === 0 ? {} : { limits: Object.fromEntries(set.map((name) => [name, stored[name]])) };
}
