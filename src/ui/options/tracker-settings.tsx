import type { Settings } from '@/src/settings/schema';
import { Switch } from '@/src/ui/components/switch';
import { checkTrackers, type TrackerSetting } from '@/src/ui/state/settings-check';
import type { OptionsModel } from './options-model';
import { ServerTestButton } from './server-test-button';
import { UrlList, type EntryDetailsProps } from './url-list';

export function TrackerSettings({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  return (
    <section class="panel" aria-labelledby="trackers-title">
      <h2 id="trackers-title">WebTorrent trackers</h2>
      <p class="soft">
        Where browsers that share a film by WebTorrent find each other. They are asked besides the trackers a magnet link names. A tracker
        sees your IP address and the film’s info hash, by which anyone can tell which film it is. Those that came with Lodestream are public
        services of others.
      </p>
      <Switch checked={settings.swarmThroughTrackers} onChange={(swarmThroughTrackers) => model.change({ swarmThroughTrackers })}>
        Find other Lodestream viewers through trackers, too
      </Switch>
      <p class="soft">
        So they meet without a signaling server. For that a tracker is told a number derived from the film instead of its info hash, also
        while WebTorrent is off.
      </p>
      {settings.defaultMode === 'webrtc' && !settings.swarmThroughTrackers ? (
        <p class="soft">Films start without WebTorrent now, so none of these is asked until you choose it in a player.</p>
      ) : null}
      <UrlList
        id="trackers"
        entries={settings.trackers}
        check={checkTrackers}
        onChange={(trackers) => model.change({ trackers })}
        create={(url) => ({ url, enabled: true })}
        Details={TrackerDetails}
        model={model}
        addLabel="Add a tracker"
        placeholder="wss://tracker.example.org"
        noneNote="Only trackers that a magnet link names will be asked."
      />
    </section>
  );
}

function TrackerDetails({ entry: { url, enabled }, model }: EntryDetailsProps<TrackerSetting>) {
  return enabled ? <ServerTestButton request={{ kind: 'tracker', url }} model={model} /> : null;
}
