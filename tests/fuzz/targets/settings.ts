import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as v from 'valibot';
import { engineSettingsMessage } from '@/src/messaging/switchboard-messages';
import { DEFAULT_SETTINGS, engineSettings, settingsSchema } from '@/src/settings/schema';
import { settingsFromStored } from '@/src/settings/stored-settings';
import { bounded } from '../bounds';
import { property, type FuzzTarget } from '../fuzz-property';
import { mutatedJson, mutatedText } from '../mutations';

/** Settings as storage holds them, whoever wrote them. */

const address = mutatedText(
  fc.constantFrom('https://signal.example.org', 'wss://t.example', 'stun:stun.example:3478', 'turn:[::1]:1?transport=udp'),
  [],
  2,
);
const server = mutatedJson({ url: address, enabled: fc.boolean() });
const iceServer = mutatedJson({ urls: address, username: fc.string(), credential: fc.string(), enabled: fc.boolean() });
const stored = mutatedJson({
  consentedAtMs: fc.option(fc.double()),
  signalingServers: fc.array(server, { maxLength: 23 }),
  iceServers: fc.array(iceServer, { maxLength: 23 }),
  defaultMode: fc.constantFrom('webrtc', 'webtorrent', 'hybrid', 'else'),
  trackers: fc.array(server, { maxLength: 23 }),
  allowLocalPeers: fc.boolean(),
  uploadBytesPerSecond: fc.option(fc.constantFrom(10_240, 10_239, 1e9, 1e14, 20_000.5)),
  downloadBytesPerSecond: fc.option(fc.constantFrom(10_240, 10_239, 1e9, 1e14, 20_000.5)),
  limits: mutatedJson({ peers: fc.option(fc.nat(600)), requestQueue: fc.option(fc.integer({ min: 200, max: 600 })), strikes: fc.double() }),
  storageQuotaBytes: fc.option(fc.constantFrom(250_000_000, 249_999_999, 1e13, 1e14, 0.5)),
});

export const SETTINGS: FuzzTarget = {
  name: 'settings',
  runs: 200,
  properties: [
    property('whatever-is-stored-becomes-valid-settings', fc.oneof(stored, fc.anything()), (found) => {
      const settings = bounded(100_000, () => settingsFromStored(found));
      assert.ok(v.is(settingsSchema, settings));
      assert.deepEqual(settingsFromStored(settings), settings);
      // The engine takes what the settings allow.
      assert.ok(v.is(engineSettingsMessage, engineSettings(settings)));
    }),
    property('valid-settings-are-kept-as-they-are', stored, (found) => {
      const parsed = v.safeParse(settingsSchema, found);
      if (parsed.success) assert.deepEqual(settingsFromStored(found), parsed.output);
    }),
    property('one-bad-part-costs-itself-alone', fc.tuple(fc.constantFrom(...keysOf(DEFAULT_SETTINGS)), fc.jsonValue()), ([key, value]) => {
      const chosen = { ...DEFAULT_SETTINGS, consentedAtMs: 5, allowLocalPeers: true };
      const settings = settingsFromStored({ ...chosen, [key]: value });
      for (const other of keysOf(chosen)) if (other !== key) assert.deepEqual(settings[other], chosen[other]);
    }),
  ],
};

function keysOf<Form extends object>(form: Form): (keyof Form)[] {
  return Object.keys(form) as (keyof Form)[];
}
