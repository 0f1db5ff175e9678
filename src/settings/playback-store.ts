import { storage } from '@wxt-dev/storage';
import * as v from 'valibot';

/** How the viewer last listened: films begin like that. Speed is not kept; the next film is another. */
export interface PlaybackPreferences {
  /** 0 to 1. */
  readonly volume: number;
  readonly muted: boolean;
}

const DEFAULT_PREFERENCES: PlaybackPreferences = { volume: 1, muted: false };
const preferences = v.object({ volume: v.pipe(v.number(), v.minValue(0), v.maxValue(1)), muted: v.boolean() });
const stored = storage.defineItem<unknown>('local:playback', { version: 1, fallback: null });

/** Whatever storage holds that is none is the default. */
export async function loadPlayback(): Promise<PlaybackPreferences> {
  const parsed = v.safeParse(preferences, await stored.getValue());
  return parsed.success ? parsed.output : DEFAULT_PREFERENCES;
}

export async function savePlayback(changed: PlaybackPreferences): Promise<void> {
  await stored.setValue(v.parse(preferences, changed));
}
