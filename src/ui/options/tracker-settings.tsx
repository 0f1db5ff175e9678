import type { Settings } from '@/src/settings/schema';
import { checkTrackers } from '@/src/ui/state/settings-check';
import type { OptionsModel } from './options-model';
import { UrlList } from './url-list';

export function TrackerSettings({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  return (
    <section class="panel" aria-labelledby="trackers-title">
      <h2 id="trackers-title">WebTorrent trackers</h2>
      <p class="soft">
        Where browsers that share a film by WebTorrent find each other. They are asked besides the trackers a magnet link names, and only
        while WebTorrent feeds a film: alone or together with WebRTC. A tracker sees your IP address and the film’s info hash, by which
        anyone can tell which film it is. Those that came with Lodestream are public services of others.
      </p>
      {settings.defaultMode === 'webrtc' ? (
        <p class="soft">Films start without WebTorrent now, so none of these is asked until you choose it in a player.</p>
      ) : null}
      <UrlList
        id="trackers"
        entries={settings.trackers}
        check={checkTrackers}
        onChange={(trackers) => model.change({ trackers })}
        addLabel="Add a tracker"
        placeholder="wss://tracker.example.org"
        noneNote="Only trackers that a magnet link names will be asked."
      />
    </section>
  );
}
