import { THEMES, type Settings } from '@/src/settings/schema';
import { THEME_WORDS } from '@/src/ui/state/theme-words';
import { i18n } from '@/src/ui/state/i18n';
import type { OptionsModel } from './options-model';

/** Radio buttons: arrow keys move between them. */
export function AppearanceSettings({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  return (
    <section class="panel" aria-labelledby="appearance-title">
      <h2 id="appearance-title">{i18n.t('options.appearance.title')}</h2>
      <p class="soft" id="appearance-about">
        {i18n.t('options.appearance.about')}
      </p>
      <fieldset class="choices" aria-describedby="appearance-about">
        <legend class="visually-hidden">{i18n.t('options.appearance.title')}</legend>
        {THEMES.map((theme) => (
          <label key={theme} class="choice">
            <input type="radio" name="theme" value={theme} checked={settings.theme === theme} onChange={() => model.change({ theme })} />
            {THEME_WORDS[theme]}
          </label>
        ))}
      </fieldset>
    </section>
  );
}
