import { Button } from '@/src/ui/components/button';
import { ConfirmButton } from '@/src/ui/components/confirm-button';
import { RelayOnly } from '@/src/ui/components/relay-only';
import { Switch } from '@/src/ui/components/switch';
import type { Settings } from '@/src/settings/schema';
import { RichText } from '@/src/ui/components/rich-text';
import { formatDay } from '@/src/ui/state/format';
import { i18n } from '@/src/ui/state/i18n';
import type { OptionsModel } from './options-model';

export function PrivacySettings({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  return (
    <section class="panel" aria-labelledby="privacy-title">
      <h2 id="privacy-title">{i18n.t('options.privacy.title')}</h2>
      <Switch id="allow-local-peers" checked={settings.allowLocalPeers} onChange={(allowLocalPeers) => model.change({ allowLocalPeers })}>
        <strong>{i18n.t('options.privacy.localPeers')}</strong>
        <p class="soft">{i18n.t('options.privacy.localPeersAbout')}</p>
      </Switch>
      <hr />
      <RelayOnly settings={settings} onChange={(relayOnly) => model.change({ relayOnly })} />
      <hr />
      <div class="consent">
        {settings.consentedAtMs === null ? (
          <>
            <p>
              <RichText text={i18n.t('options.privacy.notAgreed')} />
            </p>
            <Button look="primary" onPress={model.openWelcome}>
              {i18n.t('common.readAndDecide')}
            </Button>
          </>
        ) : (
          <>
            <p>
              <RichText
                text={i18n.t('options.privacy.agreed')}
                values={{ day: <time dateTime={new Date(settings.consentedAtMs).toISOString()}>{formatDay(settings.consentedAtMs)}</time> }}
              />
            </p>
            <ConfirmButton
              label={i18n.t('options.privacy.withdraw')}
              question={i18n.t('options.privacy.withdrawQuestion')}
              confirmLabel={i18n.t('options.privacy.withdraw')}
              onConfirm={() => model.change({ consentedAtMs: null })}
            />
          </>
        )}
      </div>
    </section>
  );
}
