import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '@/src/settings/schema';
import { MAX_SETTINGS_FILE_BYTES, exportSettings, importSettings } from '@/src/settings/settings-file';
import { refusalWords } from '@/src/ui/state/import-words';
import { settingsFromStored } from '@/src/settings/stored-settings';

const MINE: Settings = {
  ...DEFAULT_SETTINGS,
  consentedAtMs: 1_700_000_000_000,
  signalingServers: [
    { url: 'https://open.example.org', enabled: true },
    { url: 'https://private.example.org', enabled: true, token: 'my token' },
  ],
  iceServers: [
    { urls: 'stun:stun.example.org:3478', enabled: false },
    { urls: 'turn:turn.example.org:3478', username: 'my name', credential: 'my password', enabled: true },
  ],
  theme: 'dark',
  singleKeys: false,
  defaultMode: 'webrtc',
  relayOnly: true,
  storageQuotaBytes: 20_000_000_000,
  uploadBytesPerSecond: 500 * 1024,
  limits: { ...DEFAULT_SETTINGS.limits, peers: 20 },
};
/** Another browser, where nobody has agreed. */
const FRESH = DEFAULT_SETTINGS;
const OTHER_TURN = 'turns:other.example.org:5349';

function fileOf(settings: unknown, more: object = {}): string {
  return JSON.stringify({ app: 'lodestream', version: 1, settings, ...more });
}

function longAddress(start: string, index: number): string {
  return `${start}${'a'.repeat(1990 - start.length)}${index}`;
}

function refusal(text: string, current = MINE): string {
  const imported = importSettings(text, current);
  return imported.ok ? 'not refused' : refusalWords(imported.refusal);
}

function settingsAfter(text: string, current = MINE): Settings {
  const imported = importSettings(text, current);
  if (!imported.ok) throw new Error(refusalWords(imported.refusal));
  return imported.settings;
}

describe('an exported file', () => {
  test('says whose it is and in which version, and not when the viewer agreed', () => {
    const { settings, ...head } = JSON.parse(exportSettings(MINE, true)) as { readonly settings: object };
    expect(head).toEqual({ app: 'lodestream', version: 1 });
    const { consentedAtMs: _consent, publisherHosts: _answers, ...carried } = MINE;
    expect(settings).toEqual(carried);
  });

  test('has no token, user name or password unless they are asked for', () => {
    const text = exportSettings(MINE, false);
    for (const secret of ['my token', 'my name', 'my password', 'token', 'username', 'credential']) expect(text).not.toContain(secret);
    expect(exportSettings(MINE, true)).toContain('my password');
  });

  test('imported in another browser gives the same settings there, and no consent', () => {
    expect(settingsAfter(exportSettings(MINE, true), FRESH)).toEqual({ ...MINE, consentedAtMs: null });
  });

  test('without secrets changes nothing where it was exported', () => {
    expect(importSettings(exportSettings(MINE, false), MINE)).toEqual({ ok: true, settings: MINE, switchedOff: [] });
  });

  test('with the longest lists there can be is not too large to be imported', () => {
    const places = Array.from({ length: 20 }, (_, index) => index);
    const text = exportSettings(
      {
        ...MINE,
        signalingServers: places.map((index) => ({ url: longAddress('https://', index), enabled: true, token: 't'.repeat(1000) })),
        trackers: places.map((index) => ({ url: longAddress('wss://', index), enabled: true })),
        iceServers: places.map((index) => ({
          urls: longAddress('turn:', index),
          username: 'u'.repeat(500),
          credential: 'c'.repeat(500),
          enabled: true,
        })),
      },
      true,
    );
    expect(Buffer.byteLength(text)).toBeLessThan(MAX_SETTINGS_FILE_BYTES);
    expect(importSettings(text, FRESH)).toMatchObject({ ok: true, switchedOff: [] });
  });
});

describe('an imported file', () => {
  test('leaves alone what it does not name', () => {
    expect(settingsAfter(fileOf({ allowLocalPeers: true }))).toEqual({ ...MINE, allowLocalPeers: true });
    expect(settingsAfter(fileOf({ limits: { strikes: 9 } })).limits).toEqual({ ...MINE.limits, strikes: 9 });
    expect(settingsAfter(fileOf({}))).toEqual(MINE);
  });

  test('can take a limit away', () => {
    const after = settingsAfter(fileOf({ uploadBytesPerSecond: null, storageQuotaBytes: null, limits: { peers: null } }));
    expect([after.uploadBytesPerSecond, after.storageQuotaBytes, after.limits.peers]).toEqual([null, null, null]);
  });

  test('neither tells nor changes what was said to publishers’ servers', () => {
    const publisherHosts = [{ host: 'signal.example', allowed: true }];
    expect(exportSettings({ ...MINE, publisherHosts }, true)).not.toContain('signal.example');
    expect(settingsAfter(fileOf({ publisherHosts })).publisherHosts).toEqual(MINE.publisherHosts);
  });

  test.each([1, null, 'yes'])('neither gives nor withdraws consent, whatever it says of it: %j', (consentedAtMs) => {
    expect(settingsAfter(fileOf({ consentedAtMs })).consentedAtMs).toBe(MINE.consentedAtMs);
    expect(settingsAfter(fileOf({ consentedAtMs }), FRESH).consentedAtMs).toBeNull();
  });

  test.each(['http://private.example.org', 'https://private.example.org:444', 'https://private.example.org.evil.example'])(
    'does not have a token told to another address: %s',
    (url) => {
      expect(settingsAfter(fileOf({ signalingServers: [{ url, enabled: true }] })).signalingServers).toEqual([{ url, enabled: true }]);
    },
  );

  test('brings its own token in place of the one there was', () => {
    const signalingServers = [{ url: 'https://private.example.org', enabled: true, token: 'new' }];
    expect(settingsAfter(fileOf({ signalingServers })).signalingServers).toEqual(signalingServers);
  });

  test('does not join its user name with another’s password', () => {
    const server = { urls: 'turn:turn.example.org:3478', username: 'somebody else', enabled: true };
    expect(importSettings(fileOf({ iceServers: [server] }), MINE)).toMatchObject({
      settings: { iceServers: [{ ...server, enabled: false }] },
      switchedOff: [server.urls],
    });
    const { username: _mine, ...unnamed } = server;
    expect(settingsAfter(fileOf({ iceServers: [unnamed] })).iceServers).toEqual([MINE.iceServers[1]]);
  });

  test('has a TURN server switched off that nobody has a password for: the browser would refuse every connection', () => {
    const iceServers = [
      { urls: OTHER_TURN, enabled: true },
      { urls: 'turn:off.example.org', enabled: false },
    ];
    expect(importSettings(fileOf({ iceServers }), MINE)).toMatchObject({
      ok: true,
      settings: { iceServers: iceServers.map(({ urls }) => ({ urls, enabled: false })) },
      switchedOff: [OTHER_TURN],
    });
  });

  test('brings no field that nobody knows', () => {
    const hostile = `{"app":"lodestream","version":1,"settings":{"__proto__":{"relayOnly":false},"constructor":1,"other":[1],"limits":{"__proto__":{"peers":1},"more":1}}}`;
    expect(settingsAfter(hostile)).toEqual(MINE);
    expect(Object.keys(settingsAfter(hostile)).toSorted()).toEqual(Object.keys(MINE).toSorted());
    expect(({} as { relayOnly?: boolean }).relayOnly).toBeUndefined();
  });
});

describe('a file is refused', () => {
  test.each(['', 'text', '{"app":"lodestream"', '[1,]', '\u0000\u0001', '['.repeat(100_000)])('when it is not JSON (%#)', (text) => {
    expect(refusal(text)).toContain('not JSON');
  });

  test.each(['null', '7', '"lodestream"', '[]', '{}', '{"app":"other"}', '{"App":"lodestream"}', '['.repeat(90_000) + ']'.repeat(90_000)])(
    'when it is of another program (%#)',
    (text) => {
      expect(refusal(text)).toContain('no settings of Lodestream');
    },
  );

  test.each([2, 99, Number.MAX_SAFE_INTEGER])('when a newer version wrote it: %j', (version) => {
    expect(refusal(fileOf({}, { version }))).toContain('Update Lodestream');
  });

  test.each([undefined, null, 0, -1, 1.5, '1', [1], 1e300])('when it does not say a version: %j', (version) => {
    expect(refusal(fileOf({}, { version }))).toContain('which version');
  });

  test.each([null, [], 'none', 3])('when it has no settings in it: %j', (settings) => {
    expect(refusal(fileOf(settings))).toBe('This file holds no settings. Export it again.');
  });

  test.each<[object, string]>([
    [{ relayOnly: 'no' }, '“relayOnly” in this file is not valid. It must be true or false.'],
    [{ defaultMode: 'pigeon' }, '“defaultMode” in this file is not valid. It must be "webrtc", "webtorrent", or "hybrid".'],
    [{ trackers: {} }, '“trackers” in this file is not valid. It must be a list in square brackets.'],
    [{ trackers: ['wss://a.example'] }, '“trackers, entry 1” in this file is not valid. It must be a group of settings in curly brackets.'],
    [{ trackers: [{ url: 'wss://a.example' }] }, '“trackers, entry 1, enabled” in this file is not valid. It is missing.'],
    [{ trackers: [{ url: 7, enabled: true }] }, '“trackers, entry 1, url” in this file is not valid. It must be text in quotation marks.'],
    [{ limits: null }, '“limits” in this file is not valid. It must be a group of settings in curly brackets.'],
    [{ limits: { peers: 0 } }, '“limits, peers” in this file is not valid. It must be at least 1.'],
    [{ limits: { peers: '9' } }, '“limits, peers” in this file is not valid. It must be a number.'],
    [{ limits: { strikes: 1e9 } }, '“limits, strikes” in this file is not valid. It must be at most 50.'],
    [{ limits: { strikes: 2.5 } }, '“limits, strikes” in this file is not valid. It must be a whole number.'],
    [
      { iceServers: [{ urls: 'stun:a.example', enabled: true, username: 'u'.repeat(501) }] },
      '“iceServers, entry 1, username” in this file is not valid. It must have at most 500 characters.',
    ],
    [
      { trackers: Array.from({ length: 21 }, (_, port) => ({ url: `wss://a.example:${port + 1}`, enabled: true })) },
      '“trackers” in this file is not valid. It must have at most 20 entries.',
    ],
    [
      { signalingServers: [{ url: 'javascript:alert(1)', enabled: true }] },
      '“signalingServers, entry 1, url” in this file is not valid. A signaling address begins with https:// or wss://.',
    ],
    [
      { iceServers: [{ urls: 'stun:a.example', enabled: true, credential: null }] },
      '“iceServers, entry 1, credential” in this file is not valid. It must be text in quotation marks.',
    ],
    [
      {
        signalingServers: [
          { url: 'https://a.example', enabled: true },
          { url: 'https://A.example/', enabled: true },
        ],
      },
      '“signalingServers, entry 2” in this file is not valid. The address is in the list already.',
    ],
  ])('with the field that is wrong: %j', (settings, sentence) => {
    expect(refusal(fileOf(settings))).toBe(sentence);
  });

  test('without a word of its own text, however long', () => {
    const text = '<img src=x onerror=alert(1)>'.repeat(5000);
    for (const settings of [{ relayOnly: text }, { defaultMode: text }, { trackers: [{ url: text, enabled: true }] }, { limits: text }]) {
      const sentence = refusal(fileOf(settings));
      expect(sentence).not.toContain('<img');
      expect(sentence.length).toBeLessThan(250);
    }
  });
});

test('whatever is imported, what comes out could have been stored, and consent is what it was', () => {
  const anySettings = fc.record(
    Object.fromEntries(Object.keys(MINE).map((name) => [name, fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(MINE)))])),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(anySettings, (settings) => {
      const imported = importSettings(fileOf(settings), MINE);
      if (!imported.ok) {
        const { length } = refusalWords(imported.refusal);
        return length > 0 && length < 300;
      }
      expect(settingsFromStored(imported.settings)).toEqual(imported.settings);
      return imported.settings.consentedAtMs === MINE.consentedAtMs;
    }),
    { numRuns: 500 },
  );
});
