import { signal, type ReadonlySignal } from '@preact/signals';
import type { Settings } from '@/src/settings/schema';
import { MAX_SETTINGS_FILE_BYTES, importSettings } from '@/src/settings/settings-file';
import { formatNumber } from '@/src/ui/state/format';
import { refusalWords } from '@/src/ui/state/import-words';
import { i18n } from '@/src/ui/state/i18n';
import { settingsChanges } from '@/src/ui/state/settings-changes';

/** What became of the file chosen last. */
export type ImportOutcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly fileName: string; readonly sentence: string }
  | { readonly kind: 'imported'; readonly fileName: string; readonly changes: readonly string[]; readonly switchedOff: readonly string[] };

/** @param save answers the sentence to show when the browser did not store it */
export function createSettingsImport(
  current: ReadonlySignal<Settings | undefined>,
  save: (settings: Settings) => Promise<string | undefined>,
) {
  const outcome = signal<ImportOutcome>({ kind: 'none' });

  async function take(file: File): Promise<void> {
    const fileName = file.name;
    const refuse = (sentence: string): void => {
      outcome.value = { kind: 'refused', fileName, sentence };
    };
    if (file.size > MAX_SETTINGS_FILE_BYTES) {
      return refuse(i18n.t('options.file.tooLarge', { size: formatNumber(MAX_SETTINGS_FILE_BYTES / 1024) }));
    }
    let text: string;
    try {
      text = await file.text();
    } catch {
      return refuse(i18n.t('options.file.unreadable'));
    }
    const before = current.value;
    if (before === undefined) return refuse(i18n.t('options.file.notRead'));
    const imported = importSettings(text, before);
    if (!imported.ok) return refuse(refusalWords(imported.refusal));
    const refusal = await save(imported.settings);
    if (refusal !== undefined) return refuse(refusal);
    const changes = settingsChanges(before, imported.settings);
    outcome.value = { kind: 'imported', fileName, changes, switchedOff: imported.switchedOff };
  }

  return {
    outcome: outcome as ReadonlySignal<ImportOutcome>,
    take: (file: File): void => {
      void take(file);
    },
    forget: (): void => {
      outcome.value = { kind: 'none' };
    },
  };
}
