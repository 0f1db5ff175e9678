import { EngineChoice } from '@/src/ui/components/engine-choice';
import type { Settings } from '@/src/settings/schema';
import { i18n } from '@/src/ui/state/i18n';
import type { OptionsModel } from './options-model';

export function EngineSettings({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  return (
    <section class="panel" aria-labelledby="engine-title">
      <h2 id="engine-title">{i18n.t('options.engine.title')}</h2>
      <p class="soft">{i18n.t('options.engine.about')}</p>
      <EngineChoice
        legend={i18n.t('options.engine.title')}
        chosen={settings.defaultMode}
        onChoose={(defaultMode) => model.change({ defaultMode })}
      />
    </section>
  );
}
