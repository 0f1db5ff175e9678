import { Button } from '@/src/ui/components/button';
import { ConfirmButton } from '@/src/ui/components/confirm-button';
import { RelayOnly } from '@/src/ui/components/relay-only';
import { Switch } from '@/src/ui/components/switch';
import type { Settings } from '@/src/settings/schema';
import { formatDay } from '@/src/ui/state/format';
import type { OptionsModel } from './options-model';

export function PrivacySettings({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  return (
    <section class="panel" aria-labelledby="privacy-title">
      <h2 id="privacy-title">Privacy</h2>
      <Switch id="allow-local-peers" checked={settings.allowLocalPeers} onChange={(allowLocalPeers) => model.change({ allowLocalPeers })}>
        <strong>Allow peers on my own network</strong>
        <p class="soft">
          Two computers in one home or office then exchange films directly, without the detour over the internet. To make that work, every
          peer you meet, strangers included, learns this computer’s address on your own network (such as 192.168.1.20), which tells a little
          about the network and can help to recognise you.
        </p>
      </Switch>
      <hr />
      <RelayOnly settings={settings} onChange={(relayOnly) => model.change({ relayOnly })} />
      <hr />
      <div class="consent">
        {settings.consentedAtMs === null ? (
          <>
            <p>
              <strong>You have not agreed to P2P.</strong> Nothing is contacted, and no film plays.
            </p>
            <Button look="primary" onPress={model.openWelcome}>
              Read and decide
            </Button>
          </>
        ) : (
          <>
            <p>
              <strong>You agreed to P2P</strong> on{' '}
              <time dateTime={new Date(settings.consentedAtMs).toISOString()}>{formatDay(settings.consentedAtMs)}</time>. Withdrawing closes
              every connection at once and stops every film. What is stored stays.
            </p>
            <ConfirmButton
              label="Withdraw"
              question="Every film stops and every connection closes."
              confirmLabel="Withdraw"
              onConfirm={() => model.change({ consentedAtMs: null })}
            />
          </>
        )}
      </div>
    </section>
  );
}
