import { Icon } from '@/src/ui/components/icon';
import { Switch } from '@/src/ui/components/switch';
import type { Settings } from '@/src/settings/schema';
import { RichText } from '@/src/ui/components/rich-text';
import { i18n } from '@/src/ui/state/i18n';
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
        <h2 id="seen-title">{i18n.t('welcome.seen.title')}</h2>
        <div class="paragraphs">
          <p>{i18n.t('welcome.seen.peers')}</p>
          <p>
            <RichText text={i18n.t('welcome.seen.trackers')} />
          </p>
          <p>
            <RichText text={i18n.t('welcome.seen.relay')} />
          </p>
        </div>
      </section>
      <section class="panel fact" aria-labelledby="servers-title">
        <Icon name="settings" />
        <h2 id="servers-title">{i18n.t('welcome.servers.title')}</h2>
        <div class="server-groups">
          <p>{i18n.t('welcome.servers.about')}</p>
          <h3>{i18n.t('welcome.servers.signaling')}</h3>
          <ul>
            {signalingServers.map((server, index) => (
              <ServerSwitch
                key={server.url}
                address={server.url}
                note={isOnThisComputer(server.url) ? i18n.t('welcome.servers.onThisComputer') : undefined}
                enabled={server.enabled}
                onEnable={(enabled) => onChange({ signalingServers: replaceAt(signalingServers, index, { ...server, enabled }) })}
              />
            ))}
          </ul>
          <h3>{i18n.t('welcome.servers.trackers')}</h3>
          <Switch checked={withWebTorrent} onChange={(on) => onChange({ defaultMode: on ? 'hybrid' : 'webrtc' })} id="with-webtorrent">
            <strong>{i18n.t('welcome.servers.useWebTorrent')}</strong>
            <span class="soft small"> {withWebTorrent ? i18n.t('welcome.servers.withWebRtc') : i18n.t('welcome.servers.off')}</span>
          </Switch>
          <Switch
            checked={settings.swarmThroughTrackers}
            onChange={(on) => onChange({ swarmThroughTrackers: on })}
            id="swarm-through-trackers"
          >
            <strong>{i18n.t('welcome.servers.swarmThroughTrackers')}</strong>
            <span class="soft small"> {i18n.t('welcome.servers.noSignalingAtHand')}</span>
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
          <h3>{i18n.t('welcome.servers.stun')}</h3>
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
        <h2 id="stored-title">{i18n.t('welcome.stored.title')}</h2>
        <div>
          <p>{i18n.t('welcome.stored.about')}</p>
        </div>
      </section>
    </>
  );
}

function isOnThisComputer(url: string): boolean {
  return URL.canParse(url) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}
