import * as v from 'valibot';
import { LIMIT_NAMES } from './limit-settings';
import { DEFAULT_SETTINGS, settingsSchema, type Settings } from './schema';

/** Reads what storage holds, whoever wrote it: each part that is not valid falls back to its default, the others are kept. */
export function settingsFromStored(stored: unknown): Settings {
  const parts: Record<string, unknown> = typeof stored === 'object' && stored !== null ? { ...stored } : {};
  const { consentedAtMs, signalingServers, iceServers, defaultMode, trackers, allowLocalPeers, storageQuotaBytes } = settingsSchema.entries;
  const {
    playOn,
    silentSites,
    theme,
    singleKeys,
    relayOnly,
    uploadBytesPerSecond,
    downloadBytesPerSecond,
    swarmThroughTrackers,
    publisherHosts,
  } = settingsSchema.entries;
  return {
    consentedAtMs: valueOr(consentedAtMs, parts['consentedAtMs'], DEFAULT_SETTINGS.consentedAtMs),
    signalingServers: validItems(signalingServers, parts['signalingServers'], DEFAULT_SETTINGS.signalingServers),
    publisherHosts: validItems(publisherHosts, parts['publisherHosts'], DEFAULT_SETTINGS.publisherHosts),
    iceServers: validItems(iceServers, parts['iceServers'], DEFAULT_SETTINGS.iceServers),
    playOn: valueOr(playOn, parts['playOn'], DEFAULT_SETTINGS.playOn),
    silentSites: validItems(silentSites, parts['silentSites'], DEFAULT_SETTINGS.silentSites),
    theme: valueOr(theme, parts['theme'], DEFAULT_SETTINGS.theme),
    singleKeys: valueOr(singleKeys, parts['singleKeys'], DEFAULT_SETTINGS.singleKeys),
    defaultMode: valueOr(defaultMode, parts['defaultMode'], DEFAULT_SETTINGS.defaultMode),
    trackers: validItems(trackers, parts['trackers'], DEFAULT_SETTINGS.trackers),
    storageQuotaBytes: valueOr(storageQuotaBytes, parts['storageQuotaBytes'], DEFAULT_SETTINGS.storageQuotaBytes),
    uploadBytesPerSecond: valueOr(uploadBytesPerSecond, parts['uploadBytesPerSecond'], DEFAULT_SETTINGS.uploadBytesPerSecond),
    downloadBytesPerSecond: valueOr(downloadBytesPerSecond, parts['downloadBytesPerSecond'], DEFAULT_SETTINGS.downloadBytesPerSecond),
    limits: limitsFromStored(parts['limits']),
    swarmThroughTrackers: valueOr(swarmThroughTrackers, parts['swarmThroughTrackers'], mayUseTrackers(parts)),
    allowLocalPeers: valueOr(allowLocalPeers, parts['allowLocalPeers'], DEFAULT_SETTINGS.allowLocalPeers),
    // What cannot be read must not expose an address that was meant to stay hidden.
    relayOnly: valueOr(relayOnly, parts['relayOnly'], parts['relayOnly'] !== undefined),
  };
}

/** Whoever agreed to a page that said “no tracker is asked” without WebTorrent has not agreed to this. */
function mayUseTrackers(parts: Record<string, unknown>): boolean {
  return DEFAULT_SETTINGS.swarmThroughTrackers && (parts['defaultMode'] !== 'webrtc' || typeof parts['consentedAtMs'] !== 'number');
}

function limitsFromStored(stored: unknown): Settings['limits'] {
  const parts: Record<string, unknown> = typeof stored === 'object' && stored !== null ? { ...stored } : {};
  const { entries } = settingsSchema.entries.limits;
  const limits = { ...DEFAULT_SETTINGS.limits };
  for (const name of LIMIT_NAMES) limits[name] = valueOr(entries[name], parts[name], null);
  return limits;
}

function valueOr<Value>(schema: v.GenericSchema<unknown, Value>, stored: unknown, fallback: Value): Value {
  const parsed = v.safeParse(schema, stored);
  return parsed.success ? parsed.output : fallback;
}

/** One broken address must not cost the viewer the rest of the list. */
function validItems<Item>(schema: v.GenericSchema<unknown, Item[]>, stored: unknown, fallback: Item[]): Item[] {
  if (!Array.isArray(stored)) return fallback;
  const valid = stored.filter((item: unknown) => v.is(schema, [item]));
  return valueOr(schema, valid, fallback);
}
