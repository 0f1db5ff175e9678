import { Icon } from '@/src/ui/components/icon';
import { RelayOnly } from '@/src/ui/components/relay-only';
import { Switch } from '@/src/ui/components/switch';
import type { Settings } from '@/src/settings/schema';
import { i18n } from '@/src/ui/state/i18n';

interface ChoicesProps {
  readonly settings: Settings;
  readonly onChange: (change: Partial<Settings>) => void;
}

/** What a viewer may want otherwise before the first film; all of it can be changed later. */
export function Choices({ settings, onChange }: ChoicesProps) {
  return (
    <section class="panel fact" aria-labelledby="choices-title">
      <Icon name="play" />
      <h2 id="choices-title">{i18n.t('welcome.choices.title')}</h2>
      <div class="paragraphs">
        <Switch id="play-on-click" checked={settings.playOn === 'click'} onChange={(isOn) => onChange({ playOn: isOn ? 'click' : 'menu' })}>
          <strong>{i18n.t('options.sites.playOnClick')}</strong>
          <p class="soft">{i18n.t('welcome.choices.playOnClickAbout')}</p>
        </Switch>
        <RelayOnly settings={settings} onChange={(relayOnly) => onChange({ relayOnly })} />
      </div>
    </section>
  );
}
