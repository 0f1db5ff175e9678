import { Button } from '@/src/ui/components/button';
import { openSettings } from '@/src/ui/components/open-settings';
import { RichText } from '@/src/ui/components/rich-text';
import { i18n } from '@/src/ui/state/i18n';
import type { WelcomeModel } from './welcome-model';

export function Accepted({ model }: { readonly model: WelcomeModel }) {
  return (
    <>
      <div class="hero">
        <h1>{i18n.t('welcome.accepted.title')}</h1>
        <p>{i18n.t('welcome.accepted.lead')}</p>
      </div>
      <section class="panel" aria-labelledby="now-title">
        <h2 id="now-title">{i18n.t('welcome.accepted.whatNow')}</h2>
        <ol class="steps">
          <li>
            <RichText text={i18n.t('welcome.accepted.click')} />
          </li>
          <li>
            <RichText text={i18n.t('welcome.accepted.altClick')} />
          </li>
          <li>
            <RichText text={i18n.t('welcome.accepted.toolbar')} />
          </li>
          <li>
            <RichText text={i18n.t('welcome.accepted.escape')} />
          </li>
        </ol>
        <p>
          <RichText text={i18n.t('welcome.accepted.tryItAbout')} />
        </p>
        <div>
          <Button id="try-it" icon="play" onPress={model.tryIt}>
            {i18n.t('welcome.accepted.tryIt')}
          </Button>
        </div>
        <p class="soft">{i18n.t('welcome.accepted.servers')}</p>
        <div>
          <Button icon="settings" onPress={openSettings}>
            {i18n.t('common.openSettings')}
          </Button>
        </div>
      </section>
    </>
  );
}
