import { signal, type ReadonlySignal } from '@preact/signals';
import { DEFAULT_SUBTITLE_SETTINGS, type SubtitleSettings } from '@/src/settings/subtitle-settings';
import { loadSubtitleSettings, saveSubtitleSettings } from '@/src/settings/subtitle-settings-store';

/** How subtitles looked when the viewer last said so, here or elsewhere. A player that is open keeps its own look. */
export interface RememberedSubtitles {
  readonly settings: ReadonlySignal<SubtitleSettings>;
  /** Reads them, once; until then, and where nothing is stored, the defaults count. */
  readonly recall: () => void;
  readonly change: (part: Partial<SubtitleSettings>) => void;
}

export function rememberedSubtitles(): RememberedSubtitles {
  const settings = signal<SubtitleSettings>(DEFAULT_SUBTITLE_SETTINGS);
  let isRecalled = false;
  let isChanged = false;

  async function load(): Promise<void> {
    const loaded = await loadSubtitleSettings();
    // What the viewer has chosen meanwhile counts.
    if (!isChanged) settings.value = loaded;
  }

  return {
    settings,
    recall: () => {
      if (isRecalled) return;
      isRecalled = true;
      void load().catch(() => undefined);
    },
    change: (part) => {
      isChanged = true;
      settings.value = { ...settings.peek(), ...part };
      void saveSubtitleSettings(settings.peek()).catch(() => undefined);
    },
  };
}
