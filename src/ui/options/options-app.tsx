import { useRef } from 'preact/hooks';
import { Brand } from '@/src/ui/components/brand';
import { ConfirmButton } from '@/src/ui/components/confirm-button';
import { i18n } from '@/src/ui/state/i18n';
import { AppearanceSettings } from './appearance-settings';
import { EngineSettings } from './engine-settings';
import { IceServerList } from './ice-server-list';
import { LimitSettings } from './limit-settings';
import type { OptionsModel } from './options-model';
import { PrivacySettings } from './privacy-settings';
import { SavedNote } from './saved-note';
import { SettingsFileSection } from './settings-file-section';
import { SettingsSearch } from './settings-search';
import { ShortcutSettings } from './shortcut-settings';
import { SignalingSettings } from './signaling-settings';
import { SiteSettings } from './site-settings';
import { StorageSettings } from './storage-settings';
import { TrackerSettings } from './tracker-settings';
import { UnreadNote } from './unread-note';

export function OptionsApp({ model }: { readonly model: OptionsModel }) {
  const settings = model.settings.value;
  const main = useRef<HTMLElement>(null);
  return (
    <div class="page">
      <header class="page-header">
        <Brand />
        <SavedNote outcome={model.outcome.value} />
      </header>
      <main ref={main}>
        <h1>{i18n.t('options.heading')}</h1>
        <p class="soft">{i18n.t('options.applyAtOnce')}</p>
        {settings === undefined ? null : (
          <>
            <UnreadNote unread={model.unread.value} onDiscard={model.discardUnread} />
            <SettingsSearch root={main} />
            <SiteSettings settings={settings} model={model} />
            <AppearanceSettings settings={settings} model={model} />
            <ShortcutSettings settings={settings} model={model} />
            <EngineSettings settings={settings} model={model} />
            <SignalingSettings settings={settings} model={model} />
            <TrackerSettings settings={settings} model={model} />
            <section class="panel" aria-labelledby="ice-title">
              <h2 id="ice-title">{i18n.t('options.ice.title')}</h2>
              <p class="soft">{i18n.t('options.ice.about')}</p>
              <IceServerList servers={settings.iceServers} onChange={(iceServers) => model.change({ iceServers })} model={model} />
            </section>
            <LimitSettings settings={settings} model={model} />
            <StorageSettings settings={settings} model={model} />
            <PrivacySettings settings={settings} model={model} />
            <SettingsFileSection settings={settings} model={model} />
            <section class="panel" aria-labelledby="reset-title">
              <h2 id="reset-title">{i18n.t('options.reset.title')}</h2>
              <p class="soft">{i18n.t('options.reset.about')}</p>
              <ConfirmButton
                icon="retry"
                label={i18n.t('options.reset.button')}
                question={i18n.t('options.reset.question')}
                confirmLabel={i18n.t('options.reset.confirm')}
                onConfirm={model.reset}
              />
            </section>
          </>
        )}
      </main>
    </div>
  );
}
