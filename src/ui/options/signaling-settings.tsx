import type { Settings } from '@/src/settings/schema';
import { TextField } from '@/src/ui/components/text-field';
import { checkSignalingServers, type SignalingServer } from '@/src/ui/state/settings-check';
import type { OptionsModel } from './options-model';
import { PublisherHosts } from './publisher-hosts';
import { ServerTestButton } from './server-test-button';
import { UrlList, type EntryDetailsProps } from './url-list';

export function SignalingSettings({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  return (
    <section class="panel" aria-labelledby="signaling-title">
      <h2 id="signaling-title">Signaling servers</h2>
      <p class="soft">
        Where viewers of the same film find each other by WebRTC; all that are on are used at once. A server sees your IP address and a
        number derived from the film, not the film’s name. The default, <code>http://127.0.0.1:8787</code>, is a server on this computer,
        for trying things out; ask a publisher or a host for the address of theirs, or run your own.
      </p>
      <p class="soft">
        <code>https://host</code> is spoken to by Socket.IO, <code>wss://host/ws</code> by plain WebSocket. For development there is also{' '}
        <code>peerjs://host:port/path</code>, the broker of PeerJS: anybody can keep others out of it.
      </p>
      <UrlList
        id="signaling-servers"
        entries={settings.signalingServers}
        check={checkSignalingServers}
        onChange={(signalingServers) => model.change({ signalingServers })}
        create={(url) => ({ url, enabled: true })}
        Details={SignalingDetails}
        model={model}
        addLabel="Add a signaling server"
        placeholder="https://signal.example.org"
        noneNote={
          settings.swarmThroughTrackers
            ? 'Without a signaling server other viewers are found through trackers.'
            : 'Without a signaling server WebRTC finds nobody by itself.'
        }
      />
      <PublisherHosts settings={settings} model={model} />
    </section>
  );
}

function SignalingDetails({ entry: { url, enabled, token }, change, model }: EntryDetailsProps<SignalingServer>) {
  return (
    <>
      <TextField
        label="Access token, for a private server"
        secret
        value={token ?? ''}
        onCommit={(typed) => change({ url, enabled, ...(typed === '' ? {} : { token: typed }) })}
      />
      {enabled ? <ServerTestButton request={testOf({ url, enabled, token })} model={model} /> : null}
    </>
  );
}

function testOf({ url, token }: SignalingServer) {
  return { kind: 'signaling', url, ...(token === undefined ? {} : { token }) } as const;
}
