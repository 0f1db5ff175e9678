import { signal, type ReadonlySignal } from '@preact/signals';
import type { Settings } from '@/src/settings/schema';
import { loadSettings, watchSettings } from '@/src/settings/settings-store';

/** The settings as they are stored; undefined until they have been read. */
export function createSettingsSignal(until: AbortSignal): ReadonlySignal<Settings | undefined> {
  const settings = signal<Settings | undefined>(undefined);
  watchSettings((changed) => {
    settings.value = changed;
  }, until);
  void load();
  return settings;

  async function load(): Promise<void> {
    const loaded = await loadSettings();
    settings.value ??= loaded;
  }
}
