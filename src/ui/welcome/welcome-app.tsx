import { Brand } from '@/src/ui/components/brand';
import { Button } from '@/src/ui/components/button';
import { RichText } from '@/src/ui/components/rich-text';
import { i18n } from '@/src/ui/state/i18n';
import { Accepted } from './accepted';
import { Choices } from './choices';
import { Disclosure } from './disclosure';
import type { WelcomeModel } from './welcome-model';

export function WelcomeApp({ model }: { readonly model: WelcomeModel }) {
  const settings = model.settings.value;
  if (settings === undefined) return null;
  return (
    <div class="page">
      <header class="page-header">
        <Brand />
      </header>
      <main data-consent={settings.consentedAtMs === null ? (model.declined.value ? 'declined' : 'asked') : 'given'}>
        {settings.consentedAtMs === null ? (
          <>
            <div class="hero">
              <h1>{i18n.t('welcome.heading')}</h1>
              <p>
                <RichText text={i18n.t('welcome.lead')} />
              </p>
            </div>
            <Disclosure settings={settings} onChange={model.change} />
            <Choices settings={settings} onChange={model.change} />
            <section class="choice" aria-label={i18n.t('welcome.choice')}>
              <Button id="accept" look="primary" large onPress={model.accept}>
                {i18n.t('welcome.agree')}
              </Button>
              <Button id="decline" large onPress={model.decline}>
                {i18n.t('welcome.notNow')}
              </Button>
              <output class="soft">{model.declined.value ? i18n.t('welcome.declined') : ''}</output>
            </section>
          </>
        ) : (
          <Accepted model={model} />
        )}
        {model.complaint.value === undefined ? null : (
          <p class="complaint" role="alert">
            {model.complaint.value}
          </p>
        )}
      </main>
    </div>
  );
}
