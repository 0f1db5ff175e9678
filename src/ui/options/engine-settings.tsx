import { EngineChoice } from '@/src/ui/components/engine-choice';
import type { Settings } from '@/src/settings/schema';
import type { OptionsModel } from './options-model';

export function EngineSettings({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  return (
    <section class="panel" aria-labelledby="engine-title">
      <h2 id="engine-title">Engine</h2>
      <p class="soft">
        What films start with. The player’s engine button changes it for one film, while it plays, and compares the engines by what they did
        there.
      </p>
      <EngineChoice legend="Engine" chosen={settings.defaultMode} onChoose={(defaultMode) => model.change({ defaultMode })} />
    </section>
  );
}
