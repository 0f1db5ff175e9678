import { useState } from 'preact/hooks';
import { browser } from 'wxt/browser';
import { Button } from '@/src/ui/components/button';
import { KeyList } from '@/src/ui/components/key-list';
import { RichText } from '@/src/ui/components/rich-text';
import { Switch } from '@/src/ui/components/switch';
import type { Settings } from '@/src/settings/schema';
import { i18n } from '@/src/ui/state/i18n';
import type { OptionsModel } from './options-model';

/** Where the browser keeps the shortcuts of extensions; Edge takes the address for its own. */
const BROWSER_SHORTCUTS = 'chrome://extensions/shortcuts';

/** The player's keys, and the way to those that are the browser's to give. */
export function ShortcutSettings({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  const [isRefused, setRefused] = useState(false);

  async function openBrowserShortcuts(): Promise<void> {
    try {
      await browser.tabs.create({ url: BROWSER_SHORTCUTS });
      setRefused(false);
    } catch {
      setRefused(true);
    }
  }

  return (
    <section class="panel" aria-labelledby="shortcuts-title">
      <h2 id="shortcuts-title">{i18n.t('options.shortcuts.title')}</h2>
      <Switch id="single-keys" checked={settings.singleKeys} onChange={(singleKeys) => model.change({ singleKeys })}>
        <strong>{i18n.t('options.shortcuts.singleKeys')}</strong>
        <p class="soft">{i18n.t('options.shortcuts.singleKeysAbout')}</p>
      </Switch>
      <details id="player-keys">
        <summary>{i18n.t('options.shortcuts.playerKeys')}</summary>
        <KeyList singleKeys={settings.singleKeys} />
      </details>
      <hr />
      <p class="soft">{i18n.t('options.shortcuts.browserAbout')}</p>
      <Button icon="external" id="browser-shortcuts" onPress={() => void openBrowserShortcuts()}>
        {i18n.t('options.shortcuts.browser')}
      </Button>
      {isRefused ? (
        <p class="refused" role="alert">
          <RichText text={i18n.t('options.shortcuts.notOpened')} />
        </p>
      ) : null}
    </section>
  );
}
