import { storage } from '@wxt-dev/storage';
import * as v from 'valibot';
import { MAX_PUBLISHER_HOSTS, SETTINGS_VERSION, settingsSchema, type Settings } from './schema';
import { settingsFromStored } from './stored-settings';

const stored = storage.defineItem<unknown>('local:settings', { version: SETTINGS_VERSION, fallback: null });

export async function loadSettings(): Promise<Settings> {
  return settingsFromStored(await stored.getValue());
}

/**
 * Changes some settings and leaves the rest as they are now, even when two pages save at once.
 * @throws {v.ValiError} with a sentence for the viewer, when a value is not valid; nothing is saved then
 */
export async function updateSettings(change: Partial<Settings>): Promise<Settings> {
  return navigator.locks.request('lodestream-settings', async () => {
    const settings = v.parse(settingsSchema, { ...(await loadSettings()), ...change });
    await stored.setValue(settings);
    return settings;
  });
}

/** Remembers what the viewer said to a publisher's server; beyond so many answers the oldest is forgotten, and asked for again. */
export async function answerPublisher(host: string, allowed: boolean): Promise<void> {
  await navigator.locks.request('lodestream-publishers', async () => {
    const { publisherHosts } = await loadSettings();
    const others = publisherHosts.filter((answer) => answer.host !== host).slice(1 - MAX_PUBLISHER_HOSTS);
    await updateSettings({ publisherHosts: [...others, { host, allowed }] });
  });
}

/** Calls with the new settings after each change, from whichever page it came. */
export function watchSettings(onChange: (settings: Settings) => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  const unwatch = stored.watch((value) => onChange(settingsFromStored(value)));
  signal.addEventListener('abort', unwatch, { once: true });
}
