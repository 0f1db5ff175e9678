import type { Settings } from '@/src/settings/schema';
import { LIMIT_NAMES } from '@/src/settings/limit-settings';
import { ENGINE_WORDS } from './engine-words';
import { formatBytes } from './format';
import { rateText } from './limit-text';

/** What is different now, in the order of the options page: one line for each setting, empty when all is as it was. */
export function settingsChanges(before: Settings, after: Settings): readonly string[] {
  const changedLimits = LIMIT_NAMES.filter((name) => before.limits[name] !== after.limits[name]).length;
  const lines: readonly (string | undefined)[] = [
    lineIf(before.playOn !== after.playOn, `Play on a click: ${onOff(after.playOn === 'click')}`),
    lineIf(contentOf([before.silentSites]) !== contentOf([after.silentSites]), `Sites left alone: ${after.silentSites.length}`),
    lineIf(before.defaultMode !== after.defaultMode, `Engine: ${ENGINE_WORDS[after.defaultMode].name}`),
    listLine('Signaling servers', before.signalingServers, after.signalingServers, ({ url }) => url),
    lineIf(
      before.swarmThroughTrackers !== after.swarmThroughTrackers,
      `Find other Lodestream viewers through trackers: ${onOff(after.swarmThroughTrackers)}`,
    ),
    listLine('WebTorrent trackers', before.trackers, after.trackers, ({ url }) => url),
    listLine('STUN and TURN servers', before.iceServers, after.iceServers, ({ urls }) => urls),
    lineIf(before.downloadBytesPerSecond !== after.downloadBytesPerSecond, `Download at most: ${rateWords(after.downloadBytesPerSecond)}`),
    lineIf(before.uploadBytesPerSecond !== after.uploadBytesPerSecond, `Upload at most: ${rateWords(after.uploadBytesPerSecond)}`),
    lineIf(changedLimits > 0, `Advanced limits: ${changedLimits} changed`),
    lineIf(before.storageQuotaBytes !== after.storageQuotaBytes, `Room for films: ${roomWords(after.storageQuotaBytes)}`),
    lineIf(before.allowLocalPeers !== after.allowLocalPeers, `Allow peers on my own network: ${onOff(after.allowLocalPeers)}`),
    lineIf(
      before.relayOnly !== after.relayOnly,
      `Relay only: ${after.relayOnly ? 'on' : 'off, so peers you connect to directly see your address'}`,
    ),
  ];
  return lines.filter((line) => line !== undefined);
}

function lineIf(isChanged: boolean, line: string): string | undefined {
  return isChanged ? line : undefined;
}

function listLine<Entry extends object>(
  label: string,
  before: readonly Entry[],
  after: readonly Entry[],
  addressOf: (entry: Entry) => string,
): string | undefined {
  if (contentOf(before) === contentOf(after)) return undefined;
  const known = new Set(before.map(addressOf));
  const kept = after.map(addressOf).filter((address) => known.has(address)).length;
  const parts = [
    after.length === kept ? '' : `${after.length - kept} new`,
    before.length === kept ? '' : `${before.length - kept} removed`,
  ].filter(Boolean);
  return `${label}: ${parts.length === 0 ? 'the same addresses, set differently' : parts.join(', ')}`;
}

/** Whatever order the fields of an entry came in. */
function contentOf(entries: readonly object[]): string {
  return JSON.stringify(entries.map((entry) => Object.entries(entry).toSorted(([a], [b]) => a.localeCompare(b))));
}

function onOff(isOn: boolean): string {
  return isOn ? 'on' : 'off';
}

function rateWords(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? 'no limit' : `${rateText(bytesPerSecond)} KiB/s`;
}

function roomWords(quotaBytes: number | null): string {
  return quotaBytes === null ? 'chosen by Lodestream' : formatBytes(quotaBytes);
}
