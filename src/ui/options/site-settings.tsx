import { IconButton } from '@/src/ui/components/button';
import { AddAddress } from '@/src/ui/components/add-address';
import { Switch } from '@/src/ui/components/switch';
import type { Settings } from '@/src/settings/schema';
import { removeAt } from '@/src/ui/state/ordered-list';
import { checkSilentSites, siteOfText } from '@/src/ui/state/silent-sites';
import type { OptionsModel } from './options-model';

export function SiteSettings({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  const { playOn, silentSites } = settings;
  return (
    <section class="panel" aria-labelledby="sites-title">
      <h2 id="sites-title">Sites</h2>
      <Switch id="play-on-click" checked={playOn === 'click'} onChange={(isOn) => model.change({ playOn: isOn ? 'click' : 'menu' })}>
        <strong>Play when I click a magnet link</strong>
        <p class="soft">
          Off, a click does what it did without Lodestream, and a film is played from the browser’s menu (right click, “Play with
          Lodestream”) or by pasting its link into the Lodestream button in the toolbar.
        </p>
      </Switch>
      <hr />
      <div class="servers" id="silent-sites">
        <h3>Left alone</h3>
        <p class="soft">On these sites, and their subdomains, a click is left to the page. The browser’s menu plays there, too.</p>
        <ul>
          {silentSites.map((site, index) => (
            <li key={site} class="server-row publisher-row" data-site={site}>
              <bdi>{site}</bdi>
              <div class="server-buttons">
                <IconButton
                  icon="trash"
                  label={`Do not leave ${site} alone`}
                  onPress={() => model.change({ silentSites: removeAt(silentSites, index) })}
                />
              </div>
            </li>
          ))}
        </ul>
        <AddAddress
          label="Leave a site alone"
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
