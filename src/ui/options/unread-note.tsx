import { Button } from '@/src/ui/components/button';
import { ConfirmButton } from '@/src/ui/components/confirm-button';
import { Icon } from '@/src/ui/components/icon';
import { saveJson } from '@/src/ui/components/save-json';
import { SETTINGS_VERSION } from '@/src/settings/schema';
import { exportUnread } from '@/src/settings/settings-file';
import type { SettingName, UnreadSettings } from '@/src/settings/unread-settings';
import { i18n, LOCALE } from '@/src/ui/state/i18n';

/** Where on this page each setting stands. */
const SECTIONS: Readonly<Record<SettingName, string>> = {
  consentedAtMs: i18n.t('options.privacy.title'),
  signalingServers: i18n.t('options.signaling.title'),
  publisherHosts: i18n.t('options.publishers.title'),
  iceServers: i18n.t('options.ice.title'),
  playOn: i18n.t('options.sites.title'),
  silentSites: i18n.t('options.sites.title'),
  theme: i18n.t('options.appearance.title'),
  singleKeys: i18n.t('options.shortcuts.title'),
  defaultMode: i18n.t('options.engine.title'),
  trackers: i18n.t('options.trackers.title'),
  swarmThroughTrackers: i18n.t('options.trackers.title'),
  allowLocalPeers: i18n.t('options.privacy.title'),
  relayOnly: i18n.t('options.privacy.title'),
  storageQuotaBytes: i18n.t('options.storage.title'),
  uploadBytesPerSecond: i18n.t('options.limits.title'),
  downloadBytesPerSecond: i18n.t('options.limits.title'),
  limits: i18n.t('options.limits.title'),
};

interface UnreadNoteProps {
  readonly unread: UnreadSettings | undefined;
  readonly onDiscard: () => void;
}

/** Says which stored settings could not be read, and gives them to the viewer before they are gone. */
export function UnreadNote({ unread, onDiscard }: UnreadNoteProps) {
  if (unread === undefined) return null;
  return (
    <div class="unread-note" data-unread-version={unread.version}>
      <Icon name="warning" />
      <p role="alert">
        <strong>{unreadWords(unread)}</strong> {i18n.t('options.unread.kept')}
      </p>
      <div class="unread-actions">
        <Button icon="save" onPress={() => saveJson('lodestream-settings-unread.json', exportUnread(unread))}>
          {i18n.t('options.unread.save')}
        </Button>
        <ConfirmButton
          icon="trash"
          label={i18n.t('options.unread.discard')}
          question={i18n.t('options.unread.question')}
          confirmLabel={i18n.t('options.unread.discard')}
          onConfirm={onDiscard}
        />
      </div>
    </div>
  );
}

function unreadWords({ version, names }: UnreadSettings): string {
  if (version > SETTINGS_VERSION) return i18n.t('options.unread.newer');
  if (names.length === 0) return i18n.t('options.unread.all');
  const sections = new Set(names.map((name) => SECTIONS[name]));
  const words = i18n.t('options.unread.some', { names: new Intl.ListFormat(LOCALE).format(sections) });
  return names.includes('relayOnly') ? `${words} ${i18n.t('options.unread.relayOnly')}` : words;
}
