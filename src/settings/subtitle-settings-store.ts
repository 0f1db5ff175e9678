import { storage } from '@wxt-dev/storage';
import { subtitleSettingsFromStored, type SubtitleSettings } from './subtitle-settings';

/** Apart from the settings: each change of those goes to the engine, which has no part in this. */
const stored = storage.defineItem<unknown>('local:subtitles', { version: 1, fallback: null });

export async function loadSubtitleSettings(): Promise<SubtitleSettings> {
  return subtitleSettingsFromStored(await stored.getValue());
}

export async function saveSubtitleSettings(settings: SubtitleSettings): Promise<void> {
  await stored.setValue(settings);
}
