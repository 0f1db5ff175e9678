import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InfoHash } from '@/src/protocol/ids';
import { MAX_MAGNET_CHARS } from '@/src/protocol/engine-api';
import { magnetLink, parseMagnet } from '@/src/protocol/magnet';
import { NOTICES } from '@/src/protocol/notice';
import english from '@/locales/en.json';

const HASH = 'dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c';
const TOPIC = `xt=urn:btih:${HASH}`;

function read(query: string) {
  const result = parseMagnet(`magnet:?${query}`);
  return result.ok ? result.magnet : result.notice;
}

function shared(query: string): string {
  const result = parseMagnet(`magnet:?${query}`);
  return result.ok ? magnetLink({ ...result.magnet, name: 'Film' }) : result.notice.name;
}

describe('a magnet link', () => {
  test('is read as web pages publish it', () => {
    const link =
      'magnet:?xt=urn:btih:dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c&dn=Big+Buck+Bunny&tr=udp%3A%2F%2Fexplodie.org%3A6969' +
      '&tr=wss%3A%2F%2Ftracker.openwebtorrent.com&ws=https%3A%2F%2Fwebtorrent.io%2Ftorrents%2F&xs=https%3A%2F%2Fwebtorrent.io%2Ftorrents%2Fbig-buck-bunny.torrent';
    expect(parseMagnet(link)).toEqual({
      ok: true,
      magnet: {
        infoHash: HASH,
        name: 'Big Buck Bunny',
        trackers: ['udp://explodie.org:6969', 'wss://tracker.openwebtorrent.com'],
        webSeeds: ['https://webtorrent.io/torrents/'],
        signalingServers: [],
      },
    });
  });

  test.each([
    ['capital hexadecimal', `xt=urn:btih:${HASH.toUpperCase()}`, HASH],
    ['base32', 'xt=urn:btih:64DZYZWMUAVLIWJUXGDIK4QGAAIN7SL6', 'f7079c66cca02ab45934b9868572060010dfc97e'],
    ['small base32', 'xt=urn:btih:64dzyzwmuavliwjuxgdik4qgaain7sl6', 'f7079c66cca02ab45934b9868572060010dfc97e'],
    ['capital prefixes', `XT=URN:BTIH:${HASH}`, HASH],
    ['percent-encoding', `xt=urn%3Abtih%3A${HASH}`, HASH],
    ['a numbered parameter', `xt.1=urn:btih:${HASH}`, HASH],
    ['another network beside it', `xt=urn:sha1:64DZYZWMUAVLIWJUXGDIK4QGAAIN7SL6&${TOPIC}`, HASH],
    ['a damaged topic beside it', `xt=urn:btih:zz&${TOPIC}`, HASH],
  ])('is read with its info hash in or with %s', (_, query, infoHash) => {
    expect(read(query)).toMatchObject({ infoHash });
  });

  test('is read with its scheme in capitals, white space around it, and HTML escapes in it', () => {
    const result = parseMagnet(` \nMAGNET:?${TOPIC}&amp;dn=A&amp;amp;tr=wss://t.example/\t`);
    expect(result).toMatchObject({ ok: true, magnet: { infoHash: HASH, name: 'A', trackers: ['wss://t.example/'] } });
  });

  test.each([
    ['dn=Tom+%26+Jerry', 'Tom & Jerry'],
    ['dn=C%2B%2B', 'C++'],
    ['dn=100% real', '100% real'],
    ['dn=a%00b%0a%1b%5Bc%E2%80%A8d', 'a b [c d'],
    ['dn=a=b', 'a=b'],
    ['dn=%E2%98%83', '☃'],
    ['dn=first&dn=second', 'first'],
    [`dn=${'x'.repeat(500)}`, 'x'.repeat(300)],
    [`dn=${'%F0%9F%92%A7'.repeat(400)}`, '💧'.repeat(300)],
  ])('gives %j a name fit for one line', (query, name) => {
    expect(read(`${TOPIC}&${query}`)).toMatchObject({ name });
  });

  test.each(['dn=', 'dn=++', 'dn', 'dn=%20%00'])('has no name for %j', (query) => {
    expect(read(`${TOPIC}&${query}`)).not.toHaveProperty('name');
  });

  test('keeps trackers of known schemes, once each, whole addresses with their own parameters', () => {
    const trackers = ['wss://a.example/?key=1', 'ws://b.example', 'http://c.example/announce', 'https://d.example', 'udp://e.example:1'];
    const others = [
      'ftp://f.example',
      'javascript:alert(1)',
      'wss://',
      'wss:///path',
      'wss://?',
      'relative',
      'file:///etc/passwd',
      'wss://g.example/ x',
      '',
    ];
    const query = [...trackers, ...others, ...trackers].map((url) => `tr=${encodeURIComponent(url)}`).join('&');
    expect(read(`${TOPIC}&${query}`)).toMatchObject({ trackers });
    expect(read(`${TOPIC}&tr=wss://a.example/?key=1&tr.1=ws://b.example`)).toMatchObject({ trackers: trackers.slice(0, 2) });
  });

  test('keeps at most 100 trackers and none above 2,000 characters', () => {
    const many = Array.from({ length: 150 }, (_, index) => `tr=udp://t${index}.example`).join('&');
    expect(read(`${TOPIC}&${many}`)).toMatchObject({ trackers: expect.objectContaining({ length: 100 }) });
    expect(read(`${TOPIC}&tr=wss://${'x'.repeat(2000)}`)).toMatchObject({ trackers: [] });
  });

  test('keeps web seeds by http alone, and drops addresses of peers and of files', () => {
    const query =
      'ws=https://s.example/a=b&ws=http://s.example&ws=wss://s.example&as=https://x.example&xs=https://x.example&x.pe=10.0.0.1:80';
    expect(read(`${TOPIC}&${query}`)).toEqual({
      infoHash: HASH,
      trackers: [],
      webSeeds: ['https://s.example/a=b', 'http://s.example'],
      signalingServers: [],
    });
  });

  test.each([
    ['so=3', [3]],
    ['so=0,2,4-6', [0, 2, 4, 5, 6]],
    ['so=0%2C2', [0, 2]],
    ['so=6-4,9,1-2,2', [1, 2, 9]],
    ['so=5&so=1', [1, 5]],
    ['so=1,x,-2,3-,1e3,2.5', [1]],
    ['so=99999', [99_999]],
  ])('asks with %s for files %j (BEP 53)', (query, fileIndexes) => {
    expect(read(`${TOPIC}&${query}`)).toMatchObject({ fileIndexes });
  });

  test.each(['so=', 'so=0-999999999', 'so=0-99999', 'so=0-9999,0-9999', `so=${'1,'.repeat(5000)}`, 'so=x', 'so=-1', 'so=5-4'])(
    'asks for no file in particular with %.20s',
    (query) => {
      expect(read(`${TOPIC}&${query}`)).not.toHaveProperty('fileIndexes');
    },
  );

  test('S4: of a hybrid torrent goes by its version 1 hash, and gives both', () => {
    expect(read(`xt=urn:btmh:1220${'AB'.repeat(32)}&${TOPIC}`)).toMatchObject({ infoHash: HASH, infoHashV2: 'ab'.repeat(32) });
  });

  test('S2, S4: of a v2 torrent alone goes by the first 20 bytes of its hash', () => {
    expect(read(`xt=urn:btmh:1220${'AB'.repeat(32)}`)).toMatchObject({ infoHash: 'ab'.repeat(20), infoHashV2: 'ab'.repeat(32) });
  });

  test('with a version 2 hash comes back as it was shared, with the version 1 hash only if it had one', () => {
    const topic = `xt=urn:btmh:1220${'ab'.repeat(32)}`;
    expect(shared(topic)).toBe(`magnet:?${topic}&dn=Film`);
    expect(shared(`${topic}&${TOPIC}`)).toBe(`magnet:?${TOPIC}&${topic}&dn=Film`);
  });

  test('for another network is refused as such', () => {
    const result = parseMagnet('magnet:?xt=urn:ed2k:354B15E68FB8F36D7CD88FF94116CDC1');
    expect(result).toMatchObject({ ok: false, code: 'unsupported-magnet', notice: { name: 'magnetOfOtherKind' } });
  });

  test.each([
    ['', 'notMagnet'],
    ['hello', 'notMagnet'],
    [`magnet:${TOPIC}`, 'notMagnet'],
    [`https://example.org/?magnet:?${TOPIC}`, 'notMagnet'],
    ['magnet:?', 'magnetNamesNothing'],
    ['magnet:?dn=Film&infoHash=dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c', 'magnetNamesNothing'],
    ['magnet:?xt=', 'magnetOfOtherKind'],
    ['magnet:?xt=urn:btih:', 'magnetHashDamaged'],
    [`magnet:?xt=urn:btih:${HASH}0`, 'magnetHashDamaged'],
    [`magnet:?xt=urn:btih:${HASH.slice(1)}g`, 'magnetHashDamaged'],
    ['magnet:?xt=urn:btih:64DZYZWMUAVLIWJUXGDIK4QGAAIN7SL1', 'magnetHashDamaged'],
    ['magnet:?xt=urn:btmh:1220ab', 'magnetHashDamaged'],
    [`magnet:?xt=urn:btmh:1320${'ab'.repeat(32)}`, 'magnetHashDamaged'],
    [`magnet:?${TOPIC}&dn=${'x'.repeat(MAX_MAGNET_CHARS)}`, 'magnetTooLong'],
  ])('%.60j is refused: %s', (link, name) => {
    expect(parseMagnet(link)).toMatchObject({ ok: false, notice: { name } });
  });

  test('without a hash is refused with a sentence that says what a link must contain', () => {
    const { magnetNamesNothing, magnetHashDamaged, magnetOfOtherKind } = english.notice;
    for (const sentence of [magnetNamesNothing, magnetHashDamaged, magnetOfOtherKind])
      expect(sentence).toContain('must contain xt=urn:btih:');
  });

  test.each([
    ['x.ls=wss%3A%2F%2Fa.example%2Fws', ['wss://a.example/ws']],
    ['X.LS=https://a.example&x.ls=wss://b.example/ws', ['https://a.example', 'wss://b.example/ws']],
    ['x.ls.1=https://a.example&x.ls=https://a.example', ['https://a.example']],
    ['x.ls=javascript:alert(1)&x.ls=peerjs://a.example&x.ls=&x.ls=wss://&xls=https://a.example&xxls=https://a.example', []],
    [`x.ls=https://${'a'.repeat(2000)}.example`, []],
    ['x.ls=https://a&x.ls=https://b&x.ls=https://c&x.ls=https://d', ['https://a', 'https://b', 'https://c']],
  ])('names the servers of a publisher: %s', (query, signalingServers) => {
    expect(read(`${TOPIC}&${query}`)).toMatchObject({ signalingServers });
  });

  test('cannot reach into our objects by the names of its parameters', () => {
    const hostile = ['__proto__=polluted', 'constructor=x', 'infoHash=zz', 'announce=x', 'toString=x', '__proto__.polluted=1'].join('&');
    expect(read(`${hostile}&${TOPIC}&${hostile}`)).toEqual({ infoHash: HASH, trackers: [], webSeeds: [], signalingServers: [] });
    expect({}).not.toHaveProperty('polluted');
  });

  test('of any text is answered, and what is accepted keeps to its bounds', () => {
    const parameter = fc.tuple(
      fc.constantFrom('xt', 'dn', 'tr', 'ws', 'so', 'xs', 'kt', 'ix', 'xt.1', '__proto__', 'x.pe', 'x.ls', 'x.ls'),
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom(
          'urn:btih:',
          `urn:btih:${HASH}`,
          `urn:btmh:1220${HASH}${HASH.slice(16)}`,
          '%',
          '%ff',
          '\ud800',
          'wss://\ud800',
          '1-5',
          '0-99999',
          'wss://a',
        ),
      ),
    );
    const query = fc.array(parameter, { maxLength: 12 }).map((pairs) => pairs.map(([key, value]) => `${key}=${value}`).join('&'));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          query.map((text) => `magnet:?${text}`),
        ),
        (link) => {
          const result = parseMagnet(link);
          if (!result.ok) {
            expect(NOTICES).toHaveProperty(result.notice.name);
            return;
          }
          const { infoHash, infoHashV2, name, trackers, fileIndexes } = result.magnet;
          expect(infoHash).toMatch(/^[0-9a-f]{40}$/);
          expect(infoHashV2 ?? HASH).toMatch(/^[0-9a-f]+$/);
          expect(name ?? 'x').toMatch(/^[^\p{Cc}]{1,600}$/u);
          expect(trackers.length).toBeLessThanOrEqual(100);
          expect(fileIndexes?.length ?? 1).toBeGreaterThan(0);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['parameters', `${TOPIC}${'&tr=wss://a'.repeat(5900)}`],
    ['file ranges', `${TOPIC}&so=${'1-9,'.repeat(15_000)}`],
    ['percent signs', `${TOPIC}&dn=${'%'.repeat(60_000)}`],
    ['escapes', `${TOPIC}${'&amp;'.repeat(13_000)}`],
    ['spaces', `${TOPIC}&dn=${' '.repeat(60_000)}x`],
    ['address characters', `${TOPIC}&tr=wss://${'a'.repeat(60_000)} `],
  ])('as full of %s as it may be is still read', (_, query) => {
    expect(parseMagnet(`magnet:?${query}`)).toMatchObject({ ok: true, magnet: { infoHash: HASH } });
  });
});

describe('a link to share', () => {
  test('carries hash, name and trackers, and is read back the same', () => {
    const magnet = {
      infoHash: HASH as InfoHash,
      name: 'C++ & friends = 100% ☃',
      trackers: ['wss://t.example/?a=b&c=d', 'udp://u.example:1'],
      signalingServers: ['wss://signal.example/a%20b?c&d/ws'],
    };
    const link = magnetLink(magnet);
    expect(link).toMatch(/^magnet:\?xt=urn:btih:dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c&dn=C%2B%2B\+%26\+friends/);
    expect(parseMagnet(link)).toEqual({ ok: true, magnet: { ...magnet, webSeeds: [] } });
  });

  test('needs no tracker', () => {
    expect(magnetLink({ infoHash: HASH as InfoHash, name: 'Film' })).toBe(`magnet:?${TOPIC}&dn=Film`);
  });

  test('is made of any name without throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(parseMagnet(magnetLink({ infoHash: HASH as InfoHash, name: `${name}\ud800` }))).toMatchObject({ ok: true });
      }),
    );
  });
});
