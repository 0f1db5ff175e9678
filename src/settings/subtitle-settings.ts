import * as v from 'valibot';

export const SUBTITLE_SIZES = ['small', 'normal', 'large'] as const;

export type SubtitleSize = (typeof SUBTITLE_SIZES)[number];

/** How a viewer likes subtitles, whatever the film. */
export interface SubtitleSettings {
  readonly shown: boolean;
  readonly size: SubtitleSize;
  /** A dark ground behind the words. */
  readonly background: boolean;
}

export const DEFAULT_SUBTITLE_SETTINGS: SubtitleSettings = { shown: false, size: 'normal', background: true };

const storedSettings = v.fallback(
  v.object({
    shown: v.fallback(v.boolean(), DEFAULT_SUBTITLE_SETTINGS.shown),
    size: v.fallback(v.picklist(SUBTITLE_SIZES), DEFAULT_SUBTITLE_SETTINGS.size),
    background: v.fallback(v.boolean(), DEFAULT_SUBTITLE_SETTINGS.background),
  }),
  DEFAULT_SUBTITLE_SETTINGS,
);

/** Reads what storage holds, whoever wrote it: each part that is not valid falls back to its default. */
export function subtitleSettingsFromStored(value: unknown): SubtitleSettings {
  return v.parse(storedSettings, value);
}
