import type { Settings } from '@/src/settings/schema';
import { LIMIT_NAMES } from '@/src/settings/limit-settings';
import { ENGINE_WORDS } from './engine-words';
import { formatBytes, formatNumber } from './format';
import { i18n } from './i18n';
import { rateText } from './limit-text';
import { THEME_WORDS } from './theme-words';

/** What is different now, in the order of the options page: one line for each setting, empty when all is as it was. */
export function settingsChanges(before: Settings, after: Settings): readonly string[] {
  const changedLimits = LIMIT_NAMES.filter((name) => before.limits[name] !== after.limits[name]).length;
  const lines: readonly (string | undefined)[] = [
    lineIf(before.playOn !== after.playOn, i18n.t('changes.playOn', { state: onOff(after.playOn === 'click') })),
    lineIf(
      contentOf([before.silentSites]) !== contentOf([after.silentSites]),
      i18n.t('changes.silentSites', { count: formatNumber(after.silentSites.length) }),
    ),
    lineIf(before.theme !== after.theme, i18n.t('changes.theme', { name: THEME_WORDS[after.theme] })),
    lineIf(before.singleKeys !== after.singleKeys, i18n.t('changes.singleKeys', { state: onOff(after.singleKeys) })),
    lineIf(before.defaultMode !== after.defaultMode, i18n.t('changes.engine', { name: ENGINE_WORDS[after.defaultMode].name })),
    listLine('changes.signalingServers', before.signalingServers, after.signalingServers, ({ url }) => url),
    lineIf(
      before.swarmThroughTrackers !== after.swarmThroughTrackers,
      i18n.t('changes.swarmThroughTrackers', { state: onOff(after.swarmThroughTrackers) }),
    ),
    listLine('changes.trackers', before.trackers, after.trackers, ({ url }) => url),
    listLine('changes.iceServers', before.iceServers, after.iceServers, ({ urls }) => urls),
    lineIf(
      before.downloadBytesPerSecond !== after.downloadBytesPerSecond,
      i18n.t('changes.downloadAtMost', { rate: rateWords(after.downloadBytesPerSecond) }),
    ),
    lineIf(
      before.uploadBytesPerSecond !== after.uploadBytesPerSecond,
      i18n.t('changes.uploadAtMost', { rate: rateWords(after.uploadBytesPerSecond) }),
    ),
    lineIf(changedLimits > 0, i18n.t('changes.limits', changedLimits, { count: formatNumber(changedLimits) })),
    lineIf(before.storageQuotaBytes !== after.storageQuotaBytes, i18n.t('changes.room', { room: roomWords(after.storageQuotaBytes) })),
    lineIf(before.allowLocalPeers !== after.allowLocalPeers, i18n.t('changes.allowLocalPeers', { state: onOff(after.allowLocalPeers) })),
    lineIf(before.relayOnly !== after.relayOnly, after.relayOnly ? i18n.t('changes.relayOnlyOn') : i18n.t('changes.relayOnlyOff')),
  ];
  return lines.filter((line) => line !== undefined);
}

function lineIf(isChanged: boolean, line: string): string | undefined {
  return isChanged ? line : undefined;
}

function listLine<Entry extends object>(
  key: 'changes.signalingServers' | 'changes.trackers' | 'changes.iceServers',
  before: readonly Entry[],
  after: readonly Entry[],
  addressOf: (entry: Entry) => string,
): string | undefined {
  if (contentOf(before) === contentOf(after)) return undefined;
  const known = new Set(before.map(addressOf));
  const kept = after.map(addressOf).filter((address) => known.has(address)).length;
  const [added, removed] = [after.length - kept, before.length - kept];
  const parts = [
    added === 0 ? '' : i18n.t('changes.new', added, { count: formatNumber(added) }),
    removed === 0 ? '' : i18n.t('changes.removed', removed, { count: formatNumber(removed) }),
  ].filter(Boolean);
  return i18n.t(key, { what: parts.length === 0 ? i18n.t('changes.setDifferently') : parts.join(', ') });
}

/** Whatever order the fields of an entry came in. */
function contentOf(entries: readonly object[]): string {
  return JSON.stringify(entries.map((entry) => Object.entries(entry).toSorted(([a], [b]) => a.localeCompare(b))));
}

function onOff(isOn: boolean): string {
  return isOn ? i18n.t('changes.on') : i18n.t('changes.off');
}

function rateWords(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? i18n.t('common.noLimit') : `${rateText(bytesPerSecond)} KiB/s`;
}

function roomWords(quotaBytes: number | null): string {
  return quotaBytes === null ? i18n.t('options.chosenByLodestream') : formatBytes(quotaBytes);
}
