import { useRef, useState } from 'preact/hooks';
import { Button } from '@/src/ui/components/button';
import { saveJson } from '@/src/ui/components/save-json';
import { Switch } from '@/src/ui/components/switch';
import type { Settings } from '@/src/settings/schema';
import { exportSettings } from '@/src/settings/settings-file';
import type { OptionsModel } from './options-model';
import type { ImportOutcome } from './settings-import';

/** Takes the settings to another browser, or to another day. */
export function SettingsFileSection({ settings, model }: { readonly settings: Settings; readonly model: OptionsModel }) {
  return (
    <section class="panel" aria-labelledby="settings-file-title">
      <h2 id="settings-file-title">Export and import</h2>
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
      <p class="soft">
        The file holds every setting on this page; your agreement and stored films are not in it. Addresses are written as they stand, also
        if one has a password within.
      </p>
      <Switch id="include-secrets" checked={includeSecrets} onChange={setIncludeSecrets}>
        <strong>Include passwords and tokens</strong>
        <p class="soft">Whoever has the file can then use your TURN servers and private signaling servers.</p>
      </Switch>
      <Button icon="save" id="export-settings" onPress={() => saveJson(fileName(new Date()), exportSettings(settings, includeSecrets))}>
        Export settings
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
      <p class="soft">
        What a file names takes the place of what is set now; everything else stays, as do your agreement and the passwords of servers that
        are in your lists already. Import only files that you trust: one with other people’s servers sends you there.
      </p>
      <Button icon="file" onPress={() => input.current?.click()}>
        Import settings
      </Button>
      <input
        ref={input}
        id="import-settings"
        type="file"
        accept=".json,application/json"
        hidden
        aria-label="Settings file"
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
        <p class="import-refused" data-import="refused">
          <strong>
            Nothing was imported from <bdi>{outcome.fileName}</bdi>.
          </strong>{' '}
          {outcome.sentence}
        </p>
      );
    case 'imported':
      return (
        <div class="imported" data-import="imported">
          <p>
            <strong>
              Imported <bdi>{outcome.fileName}</bdi>.
            </strong>{' '}
            {outcome.changes.length === 0 ? 'Every setting is as it was before.' : 'These settings are different now:'}
          </p>
          <ul>
            {outcome.changes.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          {outcome.switchedOff.length === 0 ? null : (
            <p class="missing">
              Switched off until you enter a user name and a password: <bdi>{outcome.switchedOff.join(', ')}</bdi>
            </p>
          )}
        </div>
      );
  }
}
