import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { InfoHash, InfoHashV2 } from '@/src/protocol/ids';
import { magnetLink, parseMagnet, type MagnetResult } from '@/src/protocol/magnet';
import { truncateHash } from '@/src/protocol/torrent-info';
import { keepTrackerUrls, keepWebSeedUrls } from '@/src/protocol/tracker-urls';
import { judgeAddress } from '@/src/transport/stranger-address';
import { checkTrackerAddress } from '@/src/transport/tracker-address';
import { bounded } from '../bounds';
import { property, type FuzzTarget } from '../fuzz-property';
import { hexOf, mutatedText } from '../mutations';
import { NOTICES } from '@/src/protocol/notice';

/** Magnet links, and the addresses in them. */

const HASH = 'c12fe1c06bba254a9dc9f519b335aa7c1367a88a';
const links = fc.constantFrom(
  `magnet:?xt=urn:btih:${HASH}`,
  `magnet:?xt=urn:btih:${HASH}&dn=Sintel&tr=wss%3A%2F%2Ftracker.example%3A443%2Fa%3Fb%3Dc&tr.1=udp://t.example:1&ws=https%3A%2F%2Fw.example%2F`,
  `magnet:?xt=urn:btih:MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U&amp;dn=a+b%20c&amp;so=0,2,5-9&amp;x.pe=10.0.0.1:1`,
  `magnet:?xt=urn:btmh:1220${'ab'.repeat(32)}&xt=urn:btih:${HASH}&dn=%F0%9F%92%A9`,
);
const tokens = [
  'magnet:?',
  '&amp;',
  '&amp;amp;',
  'xt=',
  'xt=urn:btih:',
  'xt=urn:btmh:1220',
  'dn=',
  'tr=',
  'ws=',
  'so=0-999999999',
  'so=',
  'tr=wss://',
  'infoHash=',
  '%E0%A4%A',
  '+',
  'http://[::ffff:127.0.0.1]/',
  'wss://a:b@c',
  'http://0x7f.1',
];

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((text) => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim())
  .filter((text) => text !== '' && Array.from(text).length <= 300);
const url = fc.constantFrom(
  'wss://t.example',
  'wss://t.example/announce?x=1&y=2#z',
  'udp://t.example:6969',
  'ws://t.example/ü',
  'https://t.example/%2F',
);

const described = fc.record({
  infoHash: hexOf(20).map((hash) => hash as InfoHash),
  infoHashV2: fc.option(
    hexOf(32).map((hash) => hash as InfoHashV2),
    { nil: undefined },
  ),
  onlyV2: fc.boolean(),
  name,
  trackers: fc.uniqueArray(url, { maxLength: 4 }),
});

export const MAGNET: FuzzTarget = {
  name: 'magnet',
  runs: 400,
  properties: [
    property('a-link-is-read-as-it-was-made', described, (film) => {
      const { infoHashV2 } = film;
      const infoHash = film.onlyV2 && infoHashV2 !== undefined ? truncateHash(infoHashV2) : film.infoHash;
      const made = magnetLink({ infoHash, name: film.name, trackers: film.trackers, ...(infoHashV2 === undefined ? {} : { infoHashV2 }) });
      const read = parseMagnet(made);
      assert.deepEqual(read, {
        ok: true,
        magnet: {
          infoHash,
          name: film.name,
          trackers: film.trackers,
          webSeeds: [],
          signalingServers: [],
          ...(infoHashV2 === undefined ? {} : { infoHashV2 }),
        },
      });
    }),
    property('a-link-is-refused-in-words-or-sound', mutatedText(links, tokens), (text) => {
      isSound(bounded(text.length, () => parseMagnet(text)));
    }),
    property(
      'a-long-link-costs-what-a-long-link-may',
      fc.tuple(fc.constantFrom(...tokens, '&', '%', 'a'), fc.nat(70_000)),
      ([token, length]) => {
        const text = `magnet:?xt=urn:btih:${HASH}&dn=${token.repeat(Math.ceil(length / token.length))}`;
        isSound(bounded(text.length, () => parseMagnet(text)));
      },
    ),
    property('addresses-are-judged-not-thrown', mutatedText(url, tokens), (text) => {
      const [kept] = keepTrackerUrls([text]);
      if (kept !== undefined) assert.ok(!/[\s\p{C}]/u.test(kept));
      keepWebSeedUrls([text]);
      const tracker = checkTrackerAddress(text, false);
      if (tracker.ok) isPlain(new URL(tracker.url));
      const verdict = judgeAddress(text, { protocols: ['http:', 'https:', 'wss:'], isAllowed: () => false });
      if (verdict.ok) assert.ok(verdict.url.hostname.includes('.') || verdict.url.hostname.includes(':'));
    }),
  ],
};

function isPlain({ protocol, username, password, hash }: URL): void {
  assert.match(protocol, /^wss?:$/);
  assert.deepEqual([username, password, hash], ['', '', '']);
}

function isSound(result: MagnetResult): void {
  if (!result.ok) return assert.ok(result.notice.name in NOTICES);
  const { magnet } = result;
  assert.match(magnet.infoHash, /^[0-9a-f]{40}$/);
  assert.ok(magnet.trackers.length <= 100 && magnet.webSeeds.length <= 100);
  for (const address of magnet.trackers) assert.match(address, /^(?:wss?|https?|udp):\/\//i);
  for (const address of magnet.webSeeds) assert.match(address, /^https?:\/\//i);
  assert.ok((magnet.fileIndexes ?? []).length <= 10_000);
  assert.ok((magnet.name ?? ' ').isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(magnet.name ?? ''));
  // What is shared on is the same link.
  const { infoHash, infoHashV2 } = magnet;
  const again = parseMagnet(
    magnetLink({ infoHash, name: magnet.name ?? '', trackers: magnet.trackers, ...(infoHashV2 === undefined ? {} : { infoHashV2 }) }),
  );
  assert.ok(again.ok);
  assert.deepEqual([again.magnet.infoHash, again.magnet.infoHashV2, again.magnet.name], [infoHash, infoHashV2, magnet.name]);
  assert.deepEqual(again.magnet.trackers, magnet.trackers);
}
