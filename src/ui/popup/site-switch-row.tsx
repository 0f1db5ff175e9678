import { Switch } from '@/src/ui/components/switch';
import type { Settings } from '@/src/settings/schema';
import { isWithinSite } from '@/src/base/within-site';
import { RichText } from '@/src/ui/components/rich-text';
import { i18n } from '@/src/ui/state/i18n';
import type { PopupModel } from './popup-model';

/** Whether clicks count on the site in the tab that the popup was opened on. */
export function SiteSwitchRow({ settings, model }: { readonly settings: Settings; readonly model: PopupModel }) {
  const site = model.site.value;
  if (site === undefined || settings.playOn === 'menu') return null;
  return (
    <div class="site-switch" data-site={site}>
      <Switch checked={!isWithinSite(site, settings.silentSites)} onChange={(isOn) => model.setSite(site, isOn)}>
        <RichText text={i18n.t('popup.playOnSite')} values={{ site: <bdi>{site}</bdi> }} />
      </Switch>
    </div>
  );
}
