import { useRef, useState } from 'preact/hooks';
import { Button } from '@/src/ui/components/button';
import { saveJson } from '@/src/ui/components/save-json';
import { Switch } from '@/src/ui/components/switch';
import type { Settings } from '@/src/settings/schema';
import { exportSettings } from '@/src/settings/settings-file';
import { RichText } from '@/src/ui/components/rich-text';
import { i18n } from '@/src/ui/state/i18n';
import type { OptionsModel } from './options-model';
import type { ImportOutcome } from './settings-import';

/** Takes the settings to another browser, or to another day. */
export function SettingsFileSection({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  return (
    <section class="panel" aria-labelledby="settings-file-title">
      <h2 id="settings-file-title">{i18n.t('options.file.title')}</h2>
      <ExportSettings settings={settings} />
      <hr />
      <ImportSettings model={model} />
    </section>
  );
}

function ExportSettings({ settings }: { readonly settings: Settings }) {
  const [includeSecrets, setIncludeSecrets] = useState(false);
  return (
    <div class="settings-file">
      <p class="soft">{i18n.t('options.file.exportAbout')}</p>
      <Switch id="include-secrets" checked={includeSecrets} onChange={setIncludeSecrets}>
        <strong>{i18n.t('options.file.includeSecrets')}</strong>
        <p class="soft">{i18n.t('options.file.secretsAbout')}</p>
      </Switch>
      <Button icon="save" id="export-settings" onPress={() => saveJson(fileName(new Date()), exportSettings(settings, includeSecrets))}>
        {i18n.t('options.file.export')}
      </Button>
    </div>
  );
}

function fileName(now: Date): string {
  return `lodestream-settings-${now.toISOString().slice(0, 10)}.json`;
}

function ImportSettings({ model }: { readonly model: OptionsModel }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div class="settings-file">
      <p class="soft">{i18n.t('options.file.importAbout')}</p>
      <Button icon="file" onPress={() => input.current?.click()}>
        {i18n.t('options.file.import')}
      </Button>
      <input
        ref={input}
        id="import-settings"
        type="file"
        accept=".json,application/json"
        hidden
        aria-label={i18n.t('options.file.field')}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file !== undefined) model.settingsImport.take(file);
          // So that the same choice counts again.
          currentTarget.value = '';
        }}
      />
      <div aria-live="polite" id="import-outcome">
        <ImportNote outcome={model.settingsImport.outcome.value} />
      </div>
    </div>
  );
}

function ImportNote({ outcome }: { readonly outcome: ImportOutcome }) {
  switch (outcome.kind) {
    case 'none':
      return null;
    case 'refused':
      return (
        <p class="refused" data-import="refused">
          <RichText text={i18n.t('options.file.refused')} values={{ file: <bdi>{outcome.fileName}</bdi> }} /> {outcome.sentence}
        </p>
      );
    case 'imported':
      return (
        <div class="imported" data-import="imported">
          <p>
            <RichText text={i18n.t('options.file.imported')} values={{ file: <bdi>{outcome.fileName}</bdi> }} />{' '}
            {outcome.changes.length === 0 ? i18n.t('options.file.unchanged') : i18n.t('options.file.changed')}
          </p>
          <ul>
            {outcome.changes.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          {outcome.switchedOff.length === 0 ? null : (
            <p class="missing">
              <RichText text={i18n.t('options.file.switchedOff')} values={{ servers: <bdi>{outcome.switchedOff.join(', ')}</bdi> }} />
            </p>
          )}
        </div>
      );
  }
}
