import { Button, IconButton } from '@/src/ui/components/button';
import { Brand } from '@/src/ui/components/brand';
import { Icon } from '@/src/ui/components/icon';
import { openSharePage } from '@/src/ui/components/open-share-page';
import { openSettings } from '@/src/ui/components/open-settings';
import { formatBytes } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';
import type { PopupModel } from './popup-model';
import { OpenFilmField } from './open-film-field';
import { NoSessions, NotConsented } from './popup-empty';
import { SiteSwitchRow } from './site-switch-row';
import { SessionCard } from './session-card';
import { StoredFilms } from './stored-films';

export function PopupApp({ model }: { readonly model: PopupModel }) {
  const snapshot = model.snapshot.value;
  const settings = model.settings.value;
  return (
    <div class="popup">
      <header>
        <h1>
          <Brand />
        </h1>
        <div class="popup-actions">
          <Button icon="up" onPress={openSharePage}>
            {i18n.t('popup.shareFiles')}
          </Button>
          <IconButton icon="settings" label={i18n.t('popup.settings')} onPress={openSettings} />
        </div>
      </header>
      <main>
        {model.complaint.value === undefined ? null : (
          <p class="complaint" role="alert">
            {model.complaint.value}
          </p>
        )}
        {typeof settings?.consentedAtMs === 'number' ? (
          <>
            <OpenFilmField model={model} />
            <SiteSwitchRow settings={settings} model={model} />
          </>
        ) : null}
        {settings === undefined ? null : settings.consentedAtMs === null ? (
          <NotConsented onOpenWelcome={model.openWelcome} />
        ) : snapshot === undefined ? (
          <p class="empty soft">{i18n.t('popup.askingEngine')}</p>
        ) : snapshot.sessions.length === 0 ? (
          <NoSessions />
        ) : (
          <ul class="sessions">
            {snapshot.sessions.map((session) => (
              <SessionCard key={session.id} session={session} model={model} />
            ))}
          </ul>
        )}
        {snapshot === undefined ? null : <StoredFilms store={snapshot.store} model={model} />}
      </main>
      {snapshot?.storedBytes === undefined ? null : (
        <footer class="soft small">
          <Icon name="disk" />
          {i18n.t('popup.storedBytes', { stored: formatBytes(snapshot.storedBytes), quota: formatBytes(snapshot.store.quotaBytes) })}
        </footer>
      )}
    </div>
  );
}
