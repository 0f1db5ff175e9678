import * as v from 'valibot';
import { lacksCredentials } from '@/src/settings/lacks-credentials';
import { repeatedAddressIndex } from '@/src/settings/repeated-address';
import { settingsSchema, trackerUrl, type Settings } from '@/src/settings/schema';
import { i18n } from './i18n';
import { issueWords } from './issue-words';

export type SignalingServer = Settings['signalingServers'][number];
export type TrackerSetting = Settings['trackers'][number];
export type IceServerSetting = Settings['iceServers'][number];

export type Checked<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly sentence: string };

const TWICE = i18n.t('check.addressInList');

/** A list as it would be stored, or the sentence to show at the field. */
export function checkSignalingServers(servers: readonly SignalingServer[]): Checked<SignalingServer[]> {
  const checked = check(settingsSchema.entries.signalingServers, servers);
  return checked.ok && hasTwice(checked.value.map((server) => server.url)) ? { ok: false, sentence: TWICE } : checked;
}

export function checkTrackers(trackers: readonly TrackerSetting[]): Checked<TrackerSetting[]> {
  const checked = check(settingsSchema.entries.trackers, trackers);
  return checked.ok && hasTwice(checked.value.map((tracker) => tracker.url)) ? { ok: false, sentence: TWICE } : checked;
}

/** One address, for a film that is open. */
export function checkTracker(url: string, known: readonly string[]): Checked<string> {
  const checked = check(trackerUrl, url);
  return checked.ok && hasTwice([...known, checked.value]) ? { ok: false, sentence: i18n.t('player.trackerAskedAlready') } : checked;
}

export function checkIceServers(servers: readonly IceServerSetting[]): Checked<IceServerSetting[]> {
  const checked = check(settingsSchema.entries.iceServers, servers);
  if (!checked.ok) return checked;
  if (hasTwice(checked.value.map((server) => server.urls))) return { ok: false, sentence: TWICE };
  const unusable = checked.value.find((server) => server.enabled && lacksCredentials(server));
  return unusable === undefined ? checked : { ok: false, sentence: i18n.t('check.turnNeedsCredentials') };
}

export function isTurn(url: string): boolean {
  return /^turns?:/.test(url.trim());
}

function check<Schema extends v.GenericSchema>(schema: Schema, value: unknown): Checked<v.InferOutput<Schema>> {
  const parsed = v.safeParse(schema, value);
  return parsed.success ? { ok: true, value: parsed.output } : { ok: false, sentence: issueWords(parsed.issues[0].message) };
}

function hasTwice(addresses: readonly string[]): boolean {
  return repeatedAddressIndex(addresses) !== -1;
}
