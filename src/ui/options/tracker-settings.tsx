import type { Settings } from '@/src/settings/schema';
import { Switch } from '@/src/ui/components/switch';
import { i18n } from '@/src/ui/state/i18n';
import { checkTrackers, type TrackerSetting } from '@/src/ui/state/settings-check';
import type { OptionsModel } from './options-model';
import { ServerTestButton } from './server-test-button';
import { UrlList, type EntryDetailsProps } from './url-list';

export function TrackerSettings({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  return (
    <section class="panel" aria-labelledby="trackers-title">
      <h2 id="trackers-title">{i18n.t('options.trackers.title')}</h2>
      <p class="soft">{i18n.t('options.trackers.about')}</p>
      <Switch checked={settings.swarmThroughTrackers} onChange={(swarmThroughTrackers) => model.change({ swarmThroughTrackers })}>
        {i18n.t('options.trackers.swarm')}
      </Switch>
      <p class="soft">{i18n.t('options.trackers.swarmAbout')}</p>
      {settings.defaultMode === 'webrtc' && !settings.swarmThroughTrackers ? (
        <p class="soft">{i18n.t('options.trackers.notAsked')}</p>
      ) : null}
      <UrlList
        id="trackers"
        entries={settings.trackers}
        check={checkTrackers}
        onChange={(trackers) => model.change({ trackers })}
        create={(url) => ({ url, enabled: true })}
        Details={TrackerDetails}
        model={model}
        addLabel={i18n.t('options.trackers.add')}
        placeholder="wss://tracker.example.org"
        noneNote={i18n.t('options.trackers.none')}
      />
    </section>
  );
}

function TrackerDetails({ entry: { url, enabled }, model }: EntryDetailsProps<TrackerSetting>) {
  return enabled ? <ServerTestButton request={{ kind: 'tracker', url }} model={model} /> : null;
}
