import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InfoHash } from '@/src/protocol/ids';
import { parseInfoDictionary, parseTorrentFile } from '@/src/protocol/metainfo';
import type { MetainfoErrorCode } from '@/src/protocol/metainfo-refusal';
import { pieceHash, pieceSizeBytes } from '@/src/protocol/torrent-info';
import { type BencodeWritable, writeBencode } from '@/src/protocol/write-bencode';
import { NOTICES } from '@/src/protocol/notice';

const KIB = 1024;
const ascii = (text: string) => new TextEncoder().encode(text);
const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex') as InfoHash;
const hashes = (count: number) => new Uint8Array(count * 20).map((_, index) => index % 256);
const dictionary = (entries: Record<string, BencodeWritable>) => new Map(Object.entries(entries));

const singleFile = { name: 'Film.mp4', 'piece length': 16 * KIB, length: 40_000, pieces: hashes(3) };
const file = (path: readonly BencodeWritable[], length: number, more: Record<string, BencodeWritable> = {}) =>
  dictionary({ path, length, ...more });
const severalFiles = {
  name: 'Film',
  'piece length': 16 * KIB,
  pieces: hashes(3),
  files: [file(['Film.mkv'], 20_000), file(['Subs', 'en.srt'], 0), file(['Subs', 'de.srt'], 20_000)],
};

function parse(entries: Record<string, BencodeWritable>) {
  const infoBytes = writeBencode(dictionary(entries));
  return parseInfoDictionary(infoBytes, sha1(infoBytes));
}

describe('an info dictionary', () => {
  test('of one file is read (BEP 3)', () => {
    const infoBytes = ascii(`d6:lengthi40000e4:name8:Film.mp412:piece lengthi16384e6:pieces60:${'h'.repeat(60)}e`);
    expect(parseInfoDictionary(infoBytes, sha1(infoBytes))).toEqual({
      ok: true,
      info: {
        infoHash: sha1(infoBytes),
        name: 'Film.mp4',
        pieceLengthBytes: 16_384,
        pieceCount: 3,
        totalBytes: 40_000,
        pieceHashes: ascii('h'.repeat(60)),
        files: [{ index: 0, path: ['Film.mp4'], lengthBytes: 40_000, offsetBytes: 0, padding: false }],
        isPrivate: false,
        infoBytes,
      },
    });
  });

  test('of several files is read, empty ones too, each with its offset', () => {
    const result = parse(severalFiles);
    expect(result.ok && result.info.files).toEqual([
      { index: 0, path: ['Film.mkv'], lengthBytes: 20_000, offsetBytes: 0, padding: false },
      { index: 1, path: ['Subs', 'en.srt'], lengthBytes: 0, offsetBytes: 20_000, padding: false },
      { index: 2, path: ['Subs', 'de.srt'], lengthBytes: 20_000, offsetBytes: 20_000, padding: false },
    ]);
  });

  test('says where each piece ends and what it hashes to', () => {
    const result = parse(singleFile);
    const sizes = result.ok ? [0, 1, 2].map((piece) => pieceSizeBytes(result.info, piece)) : [];
    expect(sizes).toEqual([16_384, 16_384, 40_000 - 2 * 16_384]);
    expect(result.ok && pieceHash(result.info, 1)).toEqual(hashes(3).subarray(20, 40));
  });

  test('M2: is not even read when its SHA-1 is not the info hash', () => {
    const infoBytes = writeBencode(dictionary(singleFile));
    expect(parseInfoDictionary(infoBytes, 'a'.repeat(40) as InfoHash)).toMatchObject({ ok: false, code: 'hash-mismatch' });
    expect(parseInfoDictionary(ascii('junk'), sha1(infoBytes))).toMatchObject({ ok: false, code: 'hash-mismatch' });
  });

  test('M2: does not pass with any one bit changed', () => {
    const infoBytes = writeBencode(dictionary(singleFile));
    const expected = sha1(infoBytes);
    for (let bit = 0; bit < infoBytes.length * 8; bit++) {
      const changed = infoBytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(parseInfoDictionary(changed, expected)).toMatchObject({ ok: false, code: 'hash-mismatch' });
    }
  });

  test('is kept as a copy that survives its source', () => {
    const infoBytes = writeBencode(dictionary(singleFile));
    const copy = infoBytes.slice();
    const result = parseInfoDictionary(infoBytes, sha1(infoBytes));
    infoBytes.fill(0);
    expect(result.ok && result.info.infoBytes).toEqual(copy);
    expect(result.ok && result.info.pieceHashes).toEqual(hashes(3));
  });

  test('marks padding files (BEP 47) and private torrents (BEP 27)', () => {
    const result = parse({
      ...severalFiles,
      private: 1,
      files: [file(['a'], 20_000, { attr: 'x' }), file(['.pad', '1'], 20_000, { attr: 'hp' })],
    });
    expect(result.ok && result.info.files.map(({ padding }) => padding)).toEqual([false, true]);
    expect(result.ok && result.info.isPrivate).toBe(true);
  });

  test('prefers names in UTF-8 and replaces what is none', () => {
    const latin1 = Uint8Array.of(...ascii('Gr'), 0xfc, ...ascii('n'));
    const result = parse({ ...severalFiles, name: latin1, files: [file([latin1], 40_000, { 'path.utf-8': ['Grün'] })] });
    expect(result.ok && [result.info.name, result.info.files[0]?.path]).toEqual(['Gr\uFFFDn', ['Grün']]);
  });

  test('takes piece lengths that are no power of two, and keys out of order', () => {
    expect(parse({ ...singleFile, 'piece length': 48 * KIB, pieces: hashes(1) })).toMatchObject({ ok: true });
    const unsorted = ascii(`d4:name1:a6:lengthi1e12:piece lengthi16384e6:pieces20:${'h'.repeat(20)}e`);
    expect(parseInfoDictionary(unsorted, sha1(unsorted))).toMatchObject({ ok: true });
  });

  const without = (key: keyof typeof singleFile) => Object.fromEntries(Object.entries(singleFile).filter(([name]) => name !== key));
  const named = (name: BencodeWritable) => ({ ...singleFile, name });
  const withPath = (path: BencodeWritable) => ({ ...severalFiles, files: [dictionary({ length: 40_000, path })] });

  test.each<[string, MetainfoErrorCode, Record<string, BencodeWritable>]>([
    ['no name', 'bad-info', without('name')],
    ['no length', 'bad-info', without('length')],
    ['no piece length', 'bad-info', without('piece length')],
    ['no piece hashes', 'bad-info', without('pieces')],
    ['a name that is a number', 'bad-info', named(5)],
    ['an empty name', 'bad-info', named('')],
    ['a name that leads out', 'bad-info', named('..')],
    ['a name that is a path', 'bad-info', named('a/b')],
    ['a name that is a Windows path', 'bad-info', named('C:\\b')],
    ['a name with a NUL', 'bad-info', named('a\0b')],
    ['a name of 256 characters', 'bad-info', named('x'.repeat(256))],
    ['a name of a megabyte', 'bad-info', named('x'.repeat(1_000_000))],
    ['a negative length', 'bad-info', { ...singleFile, length: -1 }],
    ['no data', 'bad-info', { ...singleFile, length: 0, pieces: hashes(0) }],
    ['a hash too few', 'bad-info', { ...singleFile, pieces: hashes(2) }],
    ['a hash too many', 'bad-info', { ...singleFile, pieces: hashes(4) }],
    ['half a hash', 'bad-info', { ...singleFile, pieces: hashes(3).subarray(0, 50) }],
    ['more than a pebibyte', 'bad-info', { ...singleFile, length: 2 ** 50 + 1 }],
    ['a piece length of zero', 'bad-info', { ...singleFile, 'piece length': 0 }],
    ['a negative piece length', 'bad-info', { ...singleFile, 'piece length': -16 * KIB }],
    ['a piece length off the grid of blocks', 'unsupported', { ...singleFile, 'piece length': 20_000 }],
    ['a piece length below a block', 'unsupported', { ...singleFile, 'piece length': 8 * KIB }],
    ['a piece length above 64 MiB', 'unsupported', { ...singleFile, 'piece length': 128 * KIB * KIB, pieces: hashes(1) }],
    ['files that are no list', 'bad-info', { ...severalFiles, files: 5 }],
    ['no files', 'bad-info', { ...severalFiles, files: [], pieces: hashes(0) }],
    ['a file that is no dictionary', 'bad-info', { ...severalFiles, files: [5] }],
    ['a file without a length', 'bad-info', { ...severalFiles, files: [dictionary({ path: ['a'] })] }],
    ['a file without a path', 'bad-info', { ...severalFiles, files: [dictionary({ length: 40_000 })] }],
    ['an empty path', 'bad-info', withPath([])],
    ['a path that leads out', 'bad-info', withPath(['a', '..', '..', 'etc'])],
    ['a path with an empty step', 'bad-info', withPath(['a', '', 'b'])],
    ['a path with a number', 'bad-info', withPath([5])],
    ['a path that is text', 'bad-info', withPath('a')],
    ['a path of 65 steps', 'bad-info', withPath(Array.from({ length: 65 }, () => 'a'))],
    ['more than 100,000 files', 'unsupported', { ...severalFiles, files: Array.from({ length: 100_001 }, () => file(['a'], 1)) }],
  ])('with %s is refused as %s', (_, code, entries) => {
    const result = parse(entries);
    expect(result).toMatchObject({ ok: false, code, notice: { name: expect.stringMatching(/^torrent/) } });
  });

  test('that claims more than a pebibyte is refused for that, before sums stop being exact', () => {
    const files = Array.from({ length: 9 }, (_, index) => file([`${index}`], 2 ** 50));
    expect(parse({ ...severalFiles, files })).toMatchObject({ ok: false, message: expect.stringContaining('pebibyte') });
  });

  test('of 100,000 files is read', () => {
    const files = Array.from({ length: 100_000 }, (_, index) => file(['folder', `file ${index}.jpg`], 1, { attr: 'x' }));
    expect(parse({ ...severalFiles, files, pieces: hashes(7) })).toMatchObject({ ok: true, info: { totalBytes: 100_000 } });
  });

  test.each(['', 'i5e', 'le', 'd', 'junk'])('that is %j is refused', (text) => {
    expect(parseInfoDictionary(ascii(text), sha1(ascii(text)))).toMatchObject({
      ok: false,
      notice: { name: expect.stringMatching(/^torrent/) },
    });
  });

  test('whatever its publisher wrote and hashed, is refused or keeps to the contract', () => {
    const original = writeBencode(dictionary(severalFiles));
    const edit = fc.record({
      at: fc.nat(original.length - 1),
      bytes: fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.constantFrom(ascii('i-1e'), ascii('2:..'), ascii('0:'))),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        let infoBytes = original;
        for (const { at, bytes } of edits)
          infoBytes = Uint8Array.of(...infoBytes.subarray(0, at), ...bytes, ...infoBytes.subarray(at + bytes.length));
        const result = parseInfoDictionary(infoBytes, sha1(infoBytes));
        if (!result.ok) {
          expect(NOTICES).toHaveProperty(result.notice.name);
          return;
        }
        const { files, totalBytes, pieceCount, pieceHashes } = result.info;
        expect(files.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0)).toBe(totalBytes);
        expect(pieceHashes.length).toBe(pieceCount * 20);
        for (const segment of files.flatMap(({ path }) => path)) expect(segment).not.toMatch(/^\.{0,2}$|[/\\\0]/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a .torrent file', () => {
  const info = dictionary(singleFile);

  test('is read with its info hash and its trackers (BEP 12), once each', () => {
    const bytes = writeBencode(
      dictionary({
        announce: 'wss://a.example',
        'announce-list': [['wss://a.example', 'udp://b.example:80'], ['javascript:alert(1)', 5], 'c', []],
        'url-list': 'https://seed.example',
        info,
      }),
    );
    const result = parseTorrentFile(bytes);
    expect(result).toMatchObject({ ok: true, info: { name: 'Film.mp4' }, trackers: ['wss://a.example', 'udp://b.example:80'] });
    expect(result.ok && result.info.infoHash).toBe(sha1(writeBencode(info)));
  });

  test.each([
    ['https://seed.example/film', ['https://seed.example/film']],
    [
      ['http://a.example/', 'ftp://b.example/', 5, 'http://a.example/', 'https://c.example/'],
      ['http://a.example/', 'https://c.example/'],
    ],
    [7, []],
    ['', []],
  ])('names web seeds (BEP 19), one or several: %j', (list, webSeeds) => {
    expect(parseTorrentFile(writeBencode(dictionary({ info, 'url-list': list })))).toMatchObject({ ok: true, webSeeds });
  });

  test('has the info hash of the bytes as they stand, even out of order', () => {
    const infoText = `d6:pieces20:${'h'.repeat(20)}12:piece lengthi16384e4:name1:a6:lengthi1ee`;
    const result = parseTorrentFile(ascii(`d4:info${infoText}8:announce15:wss://a.examplee`));
    expect(result.ok && result.info.infoHash).toBe(sha1(ascii(infoText)));
  });

  test.each(['', 'junk', 'i5e', 'le', 'de', 'd4:infoi5ee', 'd4:infodee', '<html>', 'd4:infod4:name1:aee trailing'])(
    'that is %j is refused',
    (text) => {
      expect(parseTorrentFile(ascii(text))).toMatchObject({
        ok: false,
        notice: { name: expect.stringMatching(/^(?:notTorrentFile|torrent\w+)$/) },
      });
    },
  );

  test('of any bytes is answered', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(parseTorrentFile(Uint8Array.of(...ascii('d4:info'), ...bytes))).toHaveProperty('ok');
      }),
      { numRuns: 500 },
    );
  });
});
