import { useRef } from 'preact/hooks';
import { Brand } from '@/src/ui/components/brand';
import { ConfirmButton } from '@/src/ui/components/confirm-button';
import { EngineSettings } from './engine-settings';
import { IceServerList } from './ice-server-list';
import { LimitSettings } from './limit-settings';
import type { OptionsModel } from './options-model';
import { PrivacySettings } from './privacy-settings';
import { SavedNote } from './saved-note';
import { SettingsFileSection } from './settings-file-section';
import { SettingsSearch } from './settings-search';
import { SignalingSettings } from './signaling-settings';
import { SiteSettings } from './site-settings';
import { StorageSettings } from './storage-settings';
import { TrackerSettings } from './tracker-settings';

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
        <h1>Settings</h1>
        <p class="soft">Changes apply at once.</p>
        {settings === undefined ? null : (
          <>
            <SettingsSearch root={main} />
            <SiteSettings settings={settings} model={model} />
            <EngineSettings settings={settings} model={model} />
            <SignalingSettings settings={settings} model={model} />
            <TrackerSettings settings={settings} model={model} />
            <section class="panel" aria-labelledby="ice-title">
              <h2 id="ice-title">STUN and TURN servers</h2>
              <p class="soft">
                A STUN server tells your browser its own public address, so that peers can reach it. A TURN server passes the data on where
                no direct way exists; it costs its host traffic and so asks for a user name and a password.
              </p>
              <IceServerList servers={settings.iceServers} onChange={(iceServers) => model.change({ iceServers })} model={model} />
            </section>
            <LimitSettings settings={settings} model={model} />
            <StorageSettings settings={settings} model={model} />
            <PrivacySettings settings={settings} model={model} />
            <SettingsFileSection settings={settings} model={model} />
            <section class="panel" aria-labelledby="reset-title">
              <h2 id="reset-title">Start over</h2>
              <p class="soft">Puts every setting on this page back as it was after installing. Your agreement and stored films stay.</p>
              <ConfirmButton
                icon="retry"
                label="Reset to defaults"
                question="Your servers, trackers, user names and passwords will be forgotten."
                confirmLabel="Reset"
                onConfirm={model.reset}
              />
            </section>
          </>
        )}
      </main>
    </div>
  );
}
