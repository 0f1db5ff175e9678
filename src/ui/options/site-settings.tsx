import { IconButton } from '@/src/ui/components/button';
import { AddAddress } from '@/src/ui/components/add-address';
import { Switch } from '@/src/ui/components/switch';
import type { Settings } from '@/src/settings/schema';
import { i18n } from '@/src/ui/state/i18n';
import { removeAt } from '@/src/ui/state/ordered-list';
import { checkSilentSites, siteOfText } from '@/src/ui/state/silent-sites';
import type { OptionsModel } from './options-model';

export function SiteSettings({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  const { playOn, silentSites } = settings;
  return (
    <section class="panel" aria-labelledby="sites-title">
      <h2 id="sites-title">{i18n.t('options.sites.title')}</h2>
      <Switch id="play-on-click" checked={playOn === 'click'} onChange={(isOn) => model.change({ playOn: isOn ? 'click' : 'menu' })}>
        <strong>{i18n.t('options.sites.playOnClick')}</strong>
        <p class="soft">{i18n.t('options.sites.playOnClickAbout')}</p>
      </Switch>
      <hr />
      <div class="servers" id="silent-sites">
        <h3>{i18n.t('options.sites.leftAlone')}</h3>
        <p class="soft">{i18n.t('options.sites.leftAloneAbout')}</p>
        <ul>
          {silentSites.map((site, index) => (
            <li key={site} class="server-row publisher-row" data-site={site}>
              <bdi>{site}</bdi>
              <div class="server-buttons">
                <IconButton
                  icon="trash"
                  label={i18n.t('options.sites.doNotLeave', { site })}
                  onPress={() => model.change({ silentSites: removeAt(silentSites, index) })}
                />
              </div>
            </li>
          ))}
        </ul>
        <AddAddress
          label={i18n.t('options.sites.leave')}
          placeholder="example.org"
          onAdd={(text) => {
            const checked = checkSilentSites([...silentSites, siteOfText(text)]);
            if (!checked.ok) return checked.sentence;
            model.change({ silentSites: checked.value });
            return undefined;
          }}
        />
      </div>
    </section>
  );
}
