import type { Settings } from '@/src/settings/schema';
import { TextField } from '@/src/ui/components/text-field';
import { RichText } from '@/src/ui/components/rich-text';
import { i18n } from '@/src/ui/state/i18n';
import { checkSignalingServers, type SignalingServer } from '@/src/ui/state/settings-check';
import type { OptionsModel } from './options-model';
import { PublisherHosts } from './publisher-hosts';
import { ServerTestButton } from './server-test-button';
import { UrlList, type EntryDetailsProps } from './url-list';

export function SignalingSettings({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  return (
    <section class="panel" aria-labelledby="signaling-title">
      <h2 id="signaling-title">{i18n.t('options.signaling.title')}</h2>
      <p class="soft">
        <RichText text={i18n.t('options.signaling.about')} />
      </p>
      <p class="soft">
        <RichText text={i18n.t('options.signaling.kinds')} />
      </p>
      <UrlList
        id="signaling-servers"
        entries={settings.signalingServers}
        check={checkSignalingServers}
        onChange={(signalingServers) => model.change({ signalingServers })}
        create={(url) => ({ url, enabled: true })}
        Details={SignalingDetails}
        model={model}
        addLabel={i18n.t('options.signaling.add')}
        placeholder="https://signal.example.org"
        noneNote={settings.swarmThroughTrackers ? i18n.t('options.signaling.noneButTrackers') : i18n.t('options.signaling.none')}
      />
      <PublisherHosts settings={settings} model={model} />
    </section>
  );
}

function SignalingDetails({ entry: { url, enabled, token }, change, model }: EntryDetailsProps<SignalingServer>) {
  return (
    <>
      <TextField
        label={i18n.t('options.signaling.token')}
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
