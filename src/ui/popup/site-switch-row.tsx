import { Switch } from '@/src/ui/components/switch';
import type { Settings } from '@/src/settings/schema';
import { isWithinSite } from '@/src/base/within-site';
import type { PopupModel } from './popup-model';

/** Whether clicks count on the site in the tab that the popup was opened on. */
export function SiteSwitchRow({ settings, model }: { readonly settings: Settings; readonly model: PopupModel }) {
  const site = model.site.value;
  if (site === undefined || settings.playOn === 'menu') return null;
  return (
    <div class="site-switch" data-site={site}>
      <Switch checked={!isWithinSite(site, settings.silentSites)} onChange={(isOn) => model.setSite(site, isOn)}>
        Play magnet links that I click on <bdi>{site}</bdi>
      </Switch>
    </div>
  );
}
