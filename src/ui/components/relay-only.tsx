import type { Settings } from '@/src/settings/schema';
import { i18n } from '@/src/ui/state/i18n';
import { isTurn } from '@/src/ui/state/settings-check';
import { RichText } from './rich-text';
import { Switch } from './switch';

interface RelayOnlyProps {
  readonly settings: Settings;
  readonly onChange: (relayOnly: boolean) => void;
}

/** Hides the viewer's address from peers; from nobody else, and it says so. */
export function RelayOnly({ settings, onChange }: RelayOnlyProps) {
  const hasTurn = settings.iceServers.some(({ enabled, urls }) => enabled && isTurn(urls));
  return (
    <>
      <Switch id="relay-only" checked={settings.relayOnly} onChange={onChange}>
        <strong>{i18n.t('relayOnly.title')}</strong>
        <p class="soft">{i18n.t('relayOnly.about')}</p>
      </Switch>
      {settings.relayOnly && !hasTurn ? (
        <output class="missing" id="relay-missing">
          <RichText text={i18n.t('relayOnly.missing')} />
        </output>
      ) : null}
    </>
  );
}
