import { Icon } from '@/src/ui/components/icon';
import { Switch } from '@/src/ui/components/switch';
import type { Settings } from '@/src/settings/schema';
import { replaceAt } from '@/src/ui/state/ordered-list';
import { ServerSwitch } from './server-switch';

interface DisclosureProps {
  readonly settings: Settings;
  readonly onChange: (change: Partial<Settings>) => void;
}

/** What P2P shows, whom it asks and what it keeps: exactly what the settings will do, not a summary of it. */
export function Disclosure({ settings, onChange }: DisclosureProps) {
  const { signalingServers, iceServers, trackers } = settings;
  const withWebTorrent = settings.defaultMode !== 'webrtc';
  return (
    <>
      <section class="panel fact" aria-labelledby="seen-title">
        <Icon name="globe" />
        <h2 id="seen-title">Others see your IP address</h2>
        <div class="paragraphs">
          <p>
            While a film is open, everyone who exchanges it with you can see your IP address and which pieces of it you have: you receive
            pieces, and you pass them on. The servers below see your IP address too. A signaling server gets a number derived from the film
            instead of its name; whoever has the same magnet link can tell which film that is.
          </p>
          <p>
            <strong>WebTorrent trackers see the film’s info hash</strong>, by which anyone can tell which film it is. They are asked while
            WebTorrent feeds a film: alone, or together with WebRTC. Lodestream viewers can also meet through them; for that a tracker gets
            the number, as a signaling server does.
          </p>
          <p>
            With a TURN server of your own, <strong>Relay only</strong> in the settings hides your address from the people you exchange
            films with; the servers still see it.
          </p>
        </div>
      </section>
      <section class="panel fact" aria-labelledby="servers-title">
        <Icon name="settings" />
        <h2 id="servers-title">These servers will be contacted</h2>
        <div class="server-groups">
          <p>
            Once a film is opened. Switch off what you do not want; add your own in the settings later. Where trackers are asked, so are
            those that a magnet link itself names; with WebTorrent, also the web servers it names. No others are.
          </p>
          <h3>Signaling: finds the other viewers</h3>
          <ul>
            {signalingServers.map((server, index) => (
              <ServerSwitch
                key={server.url}
                address={server.url}
                note={isOnThisComputer(server.url) ? 'on this very computer' : undefined}
                enabled={server.enabled}
                onEnable={(enabled) => onChange({ signalingServers: replaceAt(signalingServers, index, { ...server, enabled }) })}
              />
            ))}
          </ul>
          <h3>WebTorrent trackers: find more viewers, in other programs too</h3>
          <Switch checked={withWebTorrent} onChange={(on) => onChange({ defaultMode: on ? 'hybrid' : 'webrtc' })} id="with-webtorrent">
            <strong>Use WebTorrent, too</strong>
            <span class="soft small"> {withWebTorrent ? 'together with WebRTC' : 'off'}</span>
          </Switch>
          <Switch
            checked={settings.swarmThroughTrackers}
            onChange={(on) => onChange({ swarmThroughTrackers: on })}
            id="swarm-through-trackers"
          >
            <strong>Meet Lodestream viewers through trackers</strong>
            <span class="soft small"> where no signaling server is at hand</span>
          </Switch>
          {withWebTorrent || settings.swarmThroughTrackers ? (
            <ul class="server-group">
              {trackers.map((tracker, index) => (
                <ServerSwitch
                  key={tracker.url}
                  address={tracker.url}
                  note={undefined}
                  enabled={tracker.enabled}
                  onEnable={(enabled) => onChange({ trackers: replaceAt(trackers, index, { ...tracker, enabled }) })}
                />
              ))}
            </ul>
          ) : null}
          <h3>STUN: tells your browser its public address</h3>
          <ul>
            {iceServers.map((server, index) => (
              <ServerSwitch
                key={server.urls}
                address={server.urls}
                note={undefined}
                enabled={server.enabled}
                onEnable={(enabled) => onChange({ iceServers: replaceAt(iceServers, index, { ...server, enabled }) })}
              />
            ))}
          </ul>
        </div>
      </section>
      <section class="panel fact" aria-labelledby="stored-title">
        <Icon name="disk" />
        <h2 id="stored-title">Films are kept on this computer</h2>
        <div>
          <p>
            Pieces you have watched stay in this browser’s storage, so that a film goes on after a restart and is not fetched twice. The
            Lodestream button in the toolbar lists the films and deletes them; removing the extension removes them all. There is no account,
            and nothing is reported to anyone.
          </p>
        </div>
      </section>
    </>
  );
}

function isOnThisComputer(url: string): boolean {
  return URL.canParse(url) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}
