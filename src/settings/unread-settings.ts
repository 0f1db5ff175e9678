import * as v from 'valibot';
import { DEFAULT_SETTINGS, SETTINGS_VERSION, settingsSchema, type Settings } from './schema';

export type SettingName = keyof Settings;

const SETTING_NAMES = Object.keys(DEFAULT_SETTINGS) as SettingName[];

/** Stored settings that this version cannot read, or not all of: what is saved next would be put in their place. */
export interface UnreadSettings {
  /** Of the settings, as whoever stored them has it. */
  readonly version: number;
  /** The settings whose values are not valid here; none where the version alone is the matter, or nothing of it is settings. */
  readonly names: readonly SettingName[];
  /** As they were stored. */
  readonly stored: unknown;
}

/** Undefined for what can be read, an older version's, and what was never stored. */
export function unreadSettings(stored: unknown, version: number): UnreadSettings | undefined {
  if (stored === null || stored === undefined) return undefined;
  if (!isRecord(stored)) return { version, names: [], stored };
  const names = SETTING_NAMES.filter((name) => {
    const value = name === 'limits' ? wholeLimits(stored[name]) : stored[name];
    return value !== undefined && !v.is(settingsSchema.entries[name], value);
  });
  return names.length === 0 && version <= SETTINGS_VERSION ? undefined : { version, names, stored };
}

/** Whoever stored them may not have known all of them. */
function wholeLimits(stored: unknown): unknown {
  return isRecord(stored) ? { ...DEFAULT_SETTINGS.limits, ...stored } : stored;
}

const setAside = v.object({ version: v.number(), names: v.array(v.picklist(SETTING_NAMES)), stored: v.unknown() });

/** What was set aside, read from storage. */
export function unreadSettingsFrom(value: unknown): UnreadSettings | undefined {
  const parsed = v.safeParse(setAside, value);
  return parsed.success ? parsed.output : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
