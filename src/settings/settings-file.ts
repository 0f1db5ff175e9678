import * as v from 'valibot';
import { lacksCredentials } from './lacks-credentials';
import { repeatedAddressIndex } from './repeated-address';
import { SETTINGS_VERSION, settingsSchema, type Settings } from './schema';
import { settingIssueInFile, type SettingIssueInFile } from './settings-issue';
import type { UnreadSettings } from './unread-settings';

const APP = 'lodestream';
/** More than the longest lists of the longest addresses and tokens take. */
export const MAX_SETTINGS_FILE_BYTES = 256 * 1024;

type SignalingServer = Settings['signalingServers'][number];
type IceServer = Settings['iceServers'][number];

export type SettingsImport =
  | {
      readonly ok: true;
      readonly settings: Settings;
      /** TURN servers that were on, and for which nobody knows a user name and a password. */
      readonly switchedOff: readonly string[];
    }
  | { readonly ok: false; readonly refusal: SettingsRefusal };

type FileRefusal = 'notJson' | 'notOurs' | 'noVersion' | 'newerVersion' | 'noSettings';

/** Why a file is not imported: as a whole, or for one of its settings. */
export type SettingsRefusal = { readonly kind: FileRefusal } | ({ readonly kind: 'setting' } & SettingIssueInFile);

/**
 * What is written to a file: every setting but the consent and what was said to publishers' servers, which are given in one browser for
 * that browser, and tell of the films that were watched there.
 */
export function exportSettings(settings: Settings, includeSecrets: boolean): string {
  const { consentedAtMs: _consent, publisherHosts: _answers, ...carried } = settings;
  const exported = includeSecrets
    ? carried
    : {
        ...carried,
        signalingServers: carried.signalingServers.map(({ url, enabled }) => ({ url, enabled })),
        iceServers: carried.iceServers.map(({ urls, enabled }) => ({ urls, enabled })),
      };
  return `${JSON.stringify({ app: APP, version: SETTINGS_VERSION, settings: exported }, undefined, 2)}\n`;
}

/** Settings that this version cannot read, for one that can: as they were stored, with all secrets, but for the agreement and answers as above. */
export function exportUnread({ version, stored }: UnreadSettings): string {
  const { consentedAtMs: _consent, publisherHosts: _answers, ...settings } = isRecord(stored) ? stored : { stored };
  return `${JSON.stringify({ app: APP, version, settings }, undefined, 2)}\n`;
}

/** The settings as they are after importing a file. What it does not name stays as it is now, consent and answers to publishers' servers in any case. */
export function importSettings(text: string, current: Settings): SettingsImport {
  const parts = settingsOf(text);
  if (typeof parts === 'string') return { ok: false, refusal: { kind: parts } };
  const { limits = {} } = parts;
  const parsed = v.safeParse(settingsSchema, {
    ...current,
    ...parts,
    limits: isRecord(limits) ? { ...current.limits, ...limits } : limits,
    consentedAtMs: current.consentedAtMs,
    publisherHosts: current.publisherHosts,
  });
  if (!parsed.success) return { ok: false, refusal: { kind: 'setting', ...settingIssueInFile(parsed.issues[0]) } };
  const repeated = repeatedAddress(parsed.output);
  if (repeated !== undefined) return { ok: false, refusal: { kind: 'setting', place: repeated, problem: { kind: 'repeatedAddress' } } };

  const signalingServers = parsed.output.signalingServers.map((server) => withKnownToken(server, current.signalingServers));
  const iceServers = parsed.output.iceServers.map((server) => withKnownCredentials(server, current.iceServers));
  const switchedOff = iceServers.filter(isUnusable).map(({ urls }) => urls);
  return {
    ok: true,
    settings: {
      ...parsed.output,
      signalingServers,
      iceServers: iceServers.map((server) => (isUnusable(server) ? { ...server, enabled: false } : server)),
    },
    switchedOff,
  };
}

/** The settings a file holds, unchecked; or why it holds none. */
function settingsOf(text: string): Record<string, unknown> | FileRefusal {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return 'notJson';
  }
  if (!isRecord(file) || file['app'] !== APP) return 'notOurs';
  const { version, settings } = file;
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) {
    return 'noVersion';
  }
  if (version > SETTINGS_VERSION) return 'newerVersion';
  return isRecord(settings) ? settings : 'noSettings';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function repeatedAddress({ signalingServers, iceServers, trackers }: Settings): readonly (string | number)[] | undefined {
  const lists = {
    signalingServers: signalingServers.map(({ url }) => url),
    iceServers: iceServers.map(({ urls }) => urls),
    trackers: trackers.map(({ url }) => url),
  };
  for (const [name, addresses] of Object.entries(lists)) {
    const index = repeatedAddressIndex(addresses);
    if (index !== -1) return [name, index];
  }
  return undefined;
}

/** Only the very same address gets it: another scheme or host would be told a secret that is not for it. */
function withKnownToken(server: SignalingServer, known: readonly SignalingServer[]): SignalingServer {
  const token = server.token ?? known.find(({ url }) => url === server.url)?.token;
  return token === undefined ? server : { ...server, token };
}

/** A password belongs to the user name it was entered with. */
function withKnownCredentials(server: IceServer, known: readonly IceServer[]): IceServer {
  const { username, credential } = known.find(({ urls }) => urls === server.urls) ?? {};
  const isOther = server.credential !== undefined || (server.username !== undefined && server.username !== username);
  if (isOther || username === undefined || credential === undefined) return server;
  return { ...server, username, credential };
}

function isUnusable(server: IceServer): boolean {
  return server.enabled && lacksCredentials(server);
}
