import { storage } from '@wxt-dev/storage';
import * as v from 'valibot';
import { MAX_PUBLISHER_HOSTS, SETTINGS_VERSION, settingsSchema, type Settings } from './schema';
import { settingsFromStored } from './stored-settings';
import { unreadSettings, unreadSettingsFrom, type UnreadSettings } from './unread-settings';

const stored = storage.defineItem<unknown, { v?: unknown }>('local:settings', { version: SETTINGS_VERSION, fallback: null });
const setAside = storage.defineItem<unknown>('local:settingsSetAside', { fallback: null });
const LOCK = 'lodestream-settings';

export async function loadSettings(): Promise<Settings> {
  return settingsFromStored(await stored.getValue());
}

/**
 * Changes some settings and leaves the rest as they are now, even when two pages save at once. What could not be read of those before is set
 * aside.
 * @throws {v.ValiError} with a sentence for the viewer, when a value is not valid; nothing is saved then
 */
export async function updateSettings(change: Partial<Settings>): Promise<Settings> {
  return navigator.locks.request(LOCK, async () => {
    const settings = v.parse(settingsSchema, { ...(await loadSettings()), ...change });
    await keepUnread();
    await stored.setValue(settings);
    await stored.setMeta({ v: SETTINGS_VERSION });
    return settings;
  });
}

/** Copies settings of a newer version, or damaged ones, to where no change of the settings takes them away. */
export async function setUnreadAside(): Promise<void> {
  await navigator.locks.request(LOCK, keepUnread);
}

async function keepUnread(): Promise<void> {
  // Settings have been stored without one.
  const { v: version = SETTINGS_VERSION } = await stored.getMeta();
  const unread = unreadSettings(await stored.getValue(), Number(version));
  if (unread !== undefined) await setAside.setValue(unread);
}

/** From now on the settings are what could be read of them, and what could not is gone. */
export async function discardUnread(): Promise<void> {
  await updateSettings({});
  await setAside.removeValue();
}

/** Calls with what is set aside now, and after each change. */
export function watchUnread(onChange: (unread: UnreadSettings | undefined) => void, signal: AbortSignal): void {
  const unwatch = setAside.watch((value) => onChange(unreadSettingsFrom(value)));
  signal.addEventListener('abort', unwatch, { once: true });
  void setAside.getValue().then((value) => signal.aborted || onChange(unreadSettingsFrom(value)));
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
