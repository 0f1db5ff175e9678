import { Button } from '@/src/ui/components/button';
import { i18n } from '@/src/ui/state/i18n';

export function NotConsented(props: { readonly onOpenWelcome: () => void }) {
  return (
    <section class="empty" data-message="awaiting-consent">
      <h2>{i18n.t('common.beforeFirstFilm')}</h2>
      <p class="soft">{i18n.t('popup.consent')}</p>
      <Button look="primary" onPress={props.onOpenWelcome}>
        {i18n.t('common.readAndDecide')}
      </Button>
    </section>
  );
}

export function NoSessions() {
  return (
    <section class="empty" data-message="no-sessions">
      <h2>{i18n.t('popup.nothingPlaying')}</h2>
      <p class="soft">{i18n.t('popup.nothingPlayingHint')}</p>
    </section>
  );
}
